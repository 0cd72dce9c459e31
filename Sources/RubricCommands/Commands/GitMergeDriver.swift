import ArgumentParser
import RubricStore

/// What git runs to merge a rubric's file: `merge.rubric.driver`.
struct GitMergeDriver: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "git-merge-driver",
    abstract: "Merge a file for git; see `rubricctl install-git-drivers`",
    discussion: """
      The exit status is 0 for a clean merge, 1 for conflicts and 129 for a failure.
      """,
    shouldDisplay: false)

  @Flag(
    name: .customLong("virtual-base"),
    help: "Merge two common ancestors: what they do not agree on stays as it was")
  var isVirtualBase = false

  @Argument(help: "%O, %A, %B, %L, %P, and of a later git %S, %X, %Y")
  var words: [String]

  func run() throws {
    guard words.count >= 3 else {
      Failure.report(InputError("git names three files at least, and \(words.count) are here"))
      throw ExitCode(129)
    }
    let isClean: Bool
    do {
      let base = try FileInput.read(words[0])
      let ours = try FileInput.read(words[1])
      let theirs = try FileInput.read(words[2])
      if isVirtualBase {
        let text = try FileMerge.virtualBase(base: base, ours: ours, theirs: theirs)
        try FileInput.write(text, to: words[1])
        return
      }
      let merge = try FileMerge(
        base: base, ours: ours, theirs: theirs, options(ours: ours, theirs: theirs))
      try FileInput.write(merge.text, to: words[1])
      Terminal.writeError(merge.summary(of: path))
      isClean = merge.isClean
    } catch {
      Failure.report(error)
      throw ExitCode(129)
    }
    if !isClean { throw ExitCode(1) }
  }

  private var path: String { words.count > 4 ? words[4] : words[1] }

  /// A name that git gives the side; a git that does not know the placeholder leaves it as it is.
  private func name(_ index: Int, _ placeholder: String) -> String {
    guard words.count > index, words[index] != placeholder else { return "" }
    return words[index]
  }

  private func options(ours: [UInt8], theirs: [UInt8]) -> FileMergeOptions {
    var options = FileMergeOptions()
    options.path = path
    options.markerSize = words.count > 3 ? Int(words[3]) ?? 7 : 7
    options.ourName = name(6, "%X")
    options.theirName = name(7, "%Y")
    // `git merge` of one commit names it in the environment, and no other command does.
    let heads = Environment.names(startingWith: "GITHEAD_")
    if heads.count == 1, let head = heads.first,
      let commit = ObjectID(hex: String(head.dropFirst("GITHEAD_".count)))
    {
      if options.theirName.isEmpty { options.theirName = Environment[head] ?? "" }
      addHistories(commit, ours, theirs, &options)
    }
    return options
  }

  /// Finds the edits behind both sides, so that conflicts name them; without them the values are
  /// merged alone.
  private func addHistories(
    _ commit: ObjectID, _ ours: [UInt8], _ theirs: [UInt8], _ options: inout FileMergeOptions
  ) {
    let (folder, ending) = ("rubrics/", ".yaml")
    guard path.hasPrefix(folder), path.hasSuffix(ending),
      let rubric = RubricID(
        rawValue: String(path.dropFirst(folder.count).dropLast(ending.count))),
      let store = try? Store.open(Environment["GIT_DIR"] ?? "."),
      let head = try? store.resolve("HEAD"),
      let histories = try? store.histories(of: rubric, ours: head, ours, theirs: commit, theirs)
    else { return }
    (options.ourHistory, options.theirHistory) = histories
  }
}
