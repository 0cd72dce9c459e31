import ArgumentParser
import RubricStore

struct Merge: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Merge a branch into the one that is checked out, criterion by criterion",
    discussion: """
      By id and field by field: edits of different criteria, or of different fields of one, never \
      meet. Where both sides changed one thing differently there is a conflict; nothing is committed, \
      and the exit status is 1. --settle decides a conflict, --keep keeps the merge in the \
      repository, to be settled with `rubricctl settle` and ended with --continue or --abort. No work \
      tree is needed.

      PLACE is as the conflict names it: essay/flow.weight, flow.weight, or *.weight for every \
      criterion. RULE is ours, theirs, base, mean (of two weights), union (of two lists, or of two \
      texts that grew), strictest (of two gates), or a value.

      Examples:
        rubricctl merge exp-b --dry-run
        rubricctl merge exp-b --settle flow.weight=mean --settle '*.gate=strictest'
        rubricctl merge exp-b --into main --settle-all mean --settle-all theirs
        rubricctl merge exp-b --keep; rubricctl conflicts; rubricctl settle flow.weight=2
        rubricctl merge --continue
      """)

  @Argument(help: ArgumentHelp("What to merge: a branch, a tag, a commit", valueName: "branch"))
  var revision: String?

  @Option(
    help: ArgumentHelp(
      "The branch to merge into; the one that is checked out if left out", valueName: "branch"))
  var into: String?

  @OptionGroup(title: "Conflicts") var settling: SettlementOptions

  @Flag(help: "Keep the conflicts in the repository, to be settled one by one")
  var keep = false

  @Flag(name: .customLong("continue"), help: "Finish the merge that was kept")
  var finishes = false

  @Flag(help: "Drop the merge that was kept")
  var abort = false

  @Flag(
    name: .customLong("no-ff"), help: "Make a merge commit even where the branch could be moved")
  var noFastForward = false

  @Flag(name: .customLong("ff-only"), help: "Refuse where the branch cannot simply be moved")
  var fastForwardOnly = false

  @Option(name: .customShort("m"), help: ArgumentHelp("Why, as a whole", valueName: "why"))
  var message: String?

  @Option(
    name: .customLong("as"), help: "Who merges: human, meta (the meta-editor) or import")
  var author: EditAuthor = .human

  @Option(help: ArgumentHelp("The name of who merges: a model, a run", valueName: "name"))
  var by = ""

  @Flag(name: [.customShort("n"), .customLong("dry-run")], help: "Only show what would be done")
  var dryRun = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if finishes && abort { throw ValidationError("--continue and --abort exclude each other") }
    if noFastForward && fastForwardOnly {
      throw ValidationError("--no-ff and --ff-only exclude each other")
    }
    if finishes || abort {
      guard revision == nil else {
        throw ValidationError(
          "--continue and --abort take no branch: they end the merge into --into")
      }
      guard settling.isEmpty, !keep, !dryRun, !noFastForward, !fastForwardOnly, author == .human,
        by.isEmpty, finishes || message == nil
      else {
        throw ValidationError(
          "--continue takes -m only, and --abort stands alone; `rubricctl settle` settles")
      }
    } else if revision == nil {
      throw ValidationError("name what to merge: a branch, a tag or a commit")
    }
    if keep && dryRun { throw ValidationError("--keep and --dry-run exclude each other") }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    if abort {
      // What cannot be read can be dropped too.
      let kept = try? store.keptMerge(into: into)
      let commit = try store.abortMerge(into: into)
      let branch = try into ?? store.head().name
      if output.json {
        terminal.json(["aborted": .string(commit.hex), "branch": .string(branch)])
      } else {
        terminal.line(
          "The merge\(kept.map { " of \($0.revision)" } ?? "") into \(branch) is dropped.")
      }
      return 0
    }
    let report: MergeReport
    if finishes {
      report = try store.continueMerge(into: into, rationale: message)
    } else {
      var options = MergeOptions()
      options.settlements = try settling.settlements
      options.fastForward = noFastForward ? .never : fastForwardOnly ? .only : .allowed
      options.rationale = message ?? ""
      options.proposer = MetaUpdate.Proposer(author, name: by)
      options.isDryRun = dryRun
      options.keepsConflicts = keep
      report = try store.merge(revision ?? "", into: into, options)
    }
    if output.json {
      terminal.json(report.json(isDryRun: dryRun))
    } else {
      terminal.show(report, isDryRun: dryRun)
    }
    return report.kind == .conflicts ? 1 : 0
  }
}

/// How conflicts are settled.
struct SettlementOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Settle one conflict (can be repeated)", valueName: "place=rule"))
  var settle: [String] = []

  @Option(
    help: ArgumentHelp(
      "Settle wherever the rule fits: ours, theirs, base, mean, union, strictest (can be repeated; the first that fits decides)",
      valueName: "rule"))
  var settleAll: [String] = []

  var isEmpty: Bool { settle.isEmpty && settleAll.isEmpty }

  var settlements: Settlements {
    get throws {
      Settlements(try settle.map { try Settlement(parsing: $0) }, all: try settleAll.map(rule))
    }
  }

  private func rule(_ name: String) throws -> Settlement.Rule {
    guard let rule = Settlement.Rule(name: name) else {
      let names = Settlement.Rule.named.compactMap(\.name)
      throw InputError(
        "there is no rule `\(name)` for all conflicts",
        hint: Suggestion.didYouMean(name, among: names)
          ?? "the rules are \(Suggestion.list(names, conjunction: "and"))")
    }
    return rule
  }
}
