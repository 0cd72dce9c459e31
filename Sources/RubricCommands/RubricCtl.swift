import ArgumentParser
internal import Glibc
import MetaEditor
import RubricStore

/// The command line.
package struct RubricCtl: ParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "rubricctl",
    abstract: "Version rubrics as git versions code",
    discussion: """
      A rubric turns a judge's verdicts into a reward. Rubrics live in a git repository, one file \
      each (rubrics/ID.yaml); every commit records typed edits and why they were made.

      RUBRIC@REV names a rubric at a commit: essay@main~3, essay@3f9c2ab, essay, @exp-b. RUBRIC may \
      be left out where the repository holds one, @REV where HEAD is meant.

      A first session:
        rubricctl init runs && cd runs
        rubricctl import ../essay.txt --id essay
        rubricctl reweight flow 2 --because "it tells essays apart"
        rubricctl log
        rubricctl diff HEAD~1
        rubricctl pull essay@HEAD --format prompt

      Exit status: 0 done; 1 the answer is "differs" or "invalid"; 2 it failed; 64 wrong usage.
      """,
    version: LibraryVersion.current,
    groupedSubcommands: [
      CommandGroup(
        name: "Start", subcommands: [Init.self, Import.self, Validate.self, LintCommand.self]),
      CommandGroup(
        name: "Look",
        subcommands: [
          List.self, Show.self, Status.self, Log.self, Diff.self, Schema.self, PolicyCommand.self,
        ]),
      CommandGroup(
        name: "Ask history", subcommands: [BlameCommand.self, Bisect.self, NoteCommand.self]),
      CommandGroup(
        name: "Use",
        subcommands: [Pull.self, ScoreCommand.self, VerifyStamp.self, ReplayCommand.self]),
      CommandGroup(
        name: "Change", subcommands: [Apply.self, Commit.self, CherryPick.self, Revert.self]),
      CommandGroup(
        name: "Edit criteria",
        subcommands: [
          Add.self, Remove.self, Move.self, Reorder.self, Rename.self, Reword.self, Split.self,
          MergeCriteria.self,
        ]),
      CommandGroup(
        name: "Edit grading",
        subcommands: [
          Tighten.self, Relax.self, Rescale.self, AddLevel.self, RemoveLevel.self, EditLevel.self,
          AddExample.self, RemoveExample.self, SetGate.self, ClearGate.self, SetApplicability.self,
        ]),
      CommandGroup(
        name: "Edit scoring",
        subcommands: [
          Reweight.self, SetPolarity.self, SetRollup.self, SetAggregation.self, Activate.self,
          Deactivate.self,
        ]),
      CommandGroup(
        name: "Edit the rest",
        subcommands: [
          PinCommand.self, Unpin.self, Retag.self, SetOrigin.self, SetJudge.self, SetPreamble.self,
          SetPostamble.self, SetDescription.self, SetSubject.self, SetBudget.self, NoChange.self,
        ]),
      CommandGroup(
        name: "Branches", subcommands: [BranchCommand.self, Switch.self, TagCommand.self]),
      CommandGroup(
        name: "Merge", subcommands: [Merge.self, Conflicts.self, Settle.self]),
      CommandGroup(
        name: "Meta-update",
        subcommands: [
          JudgeCommand.self, Propose.self, MetaUpdateCommand.self, Templates.self,
        ]),
      CommandGroup(
        name: "With git",
        subcommands: [
          InstallGitDrivers.self, MergeFile.self, GitMergeDriver.self, GitTextConverter.self,
          GitDiffDriver.self,
        ]),
    ]
  )

  package init() {}

  /// Takes `-C DIR` before the subcommand, as git does, and runs the rest.
  ///
  /// - Parameter models: What asks language models, in a program that is linked with it.
  package static func main(models: (any ModelSupport)?) {
    var arguments = Array(CommandLine.arguments.dropFirst())
    while arguments.count >= 2, arguments[0] == "-C" {
      guard chdir(arguments[1]) == 0 else {
        Failure.report(
          InputError("cannot go to `\(arguments[1])`: \(String(cString: strerror(errno)))"))
        Glibc.exit(2)
      }
      arguments.removeFirst(2)
    }
    ModelPart.begin(models, arguments: arguments)
    if let word = arguments.first, !word.hasPrefix("-"), word != "help" {
      let commands = configuration.groupedSubcommands.flatMap(\.subcommands)
      if !commands.contains(where: { $0._commandName == word }) {
        let known = commands.filter { $0.configuration.shouldDisplay }.map { $0._commandName }
        Failure.report(
          InputError(
            "there is no command `\(word)`",
            hint: Suggestion.didYouMean(word, among: known) ?? "`rubricctl --help` lists them"))
        Glibc.exit(64)
      }
    }
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      // The parser takes `-1` for an option that it does not know.
      if exitCode(for: error) == .validationFailure,
        arguments.contains(where: { $0.hasPrefix("-") && Double($0) != nil })
      {
        Terminal.writeError("hint: a number below 0 comes last, after `--`: `… -- -1`\n")
      }
      exit(withError: error)
    }
  }
}
