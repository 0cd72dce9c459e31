import ArgumentParser
import RubricStore

struct MergeFile: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge-file",
    abstract: "Merge three versions of a rubric's file, without a repository",
    discussion: """
      As `git merge-file`, by criterion and field; the ancestor comes first. The result is written \
      to OURS, whose layout and comments stay where nothing changed; /dev/null for BASE means that \
      there is no common ancestor. Conflicts leave a file that is not valid and lists them.

      The exit status is the number of conflicts, 127 at the most, and 255 for an error.

      Examples:
        rubricctl merge-file base.yaml ours.yaml theirs.yaml --settle flow.weight=mean
        rubricctl merge-file -p <(git show main~2:rubrics/essay.yaml) a.yaml b.yaml
      """)

  @Argument(help: "The common ancestor, or /dev/null")
  var base: String

  @Argument(help: "Our version, which the result replaces")
  var ours: String

  @Argument(help: "Their version")
  var theirs: String

  @OptionGroup(title: "Conflicts") var settling: SettlementOptions

  @Flag(
    name: [.customShort("p"), .customLong("stdout")], help: "Print the result; OURS stays as it is")
  var prints = false

  @Flag(name: .shortAndLong, help: "Do not tell of conflicts")
  var quiet = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if prints && output.json { throw ValidationError("-p and --json exclude each other") }
  }

  func run() throws {
    let terminal = Terminal(color: output.color, usesPager: false)
    let merge: FileMerge
    do {
      try store.enter()
      var options = FileMergeOptions()
      options.settlements = try settling.settlements
      options.path = ours
      options.isInWorkTree = false
      merge = try FileMerge(
        base: try FileInput.read(base), ours: try FileInput.read(ours),
        theirs: try FileInput.read(theirs), options)
      if let place = merge.unusedSettlements.first {
        throw InputError("there is nothing to settle at `\(place)`")
      }
      if prints {
        terminal.write(merge.text)
      } else {
        try FileInput.write(merge.text, to: ours)
      }
      if output.json { terminal.json(merge.report) }
      terminal.close()
    } catch {
      Failure.report(error, color: output.color)
      throw ExitCode(255)
    }
    if !quiet { Terminal.writeError(merge.summary(of: ours)) }
    let count = min(merge.count, 127)
    if count > 0 { throw ExitCode(Int32(count)) }
  }
}
