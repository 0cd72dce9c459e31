import ArgumentParser
import RubricStore

struct Diff: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Show how two versions of a rubric differ, and what that means for scores",
    discussion: """
      Without arguments: the files in the work tree against HEAD; in a bare repository, HEAD against \
      its parent. With one: that version against the work tree (in a bare repository, against \
      HEAD). With two: the first against the second. The exit status is 1 if they differ.

      Examples:
        rubricctl diff HEAD~1 HEAD
        rubricctl diff essay@main essay@exp-b --stat
      """)

  @Argument(help: ArgumentHelp("The older version: RUBRIC@REV or REV", valueName: "a"))
  var from: String?

  @Argument(help: ArgumentHelp("The newer version: RUBRIC@REV or REV", valueName: "b"))
  var to: String?

  @Flag(help: "Only count the edits of each kind")
  var stat = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if stat, output.json { throw ValidationError("--stat and --json exclude each other") }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    var differs = false
    var isFirst = true
    for pair in try pairs(store) {
      let difference = try RubricDifference(pair.old, pair.new, from: pair.from, to: pair.to)
      let edits = difference.edits
      differs = differs || !edits.isEmpty
      if output.json {
        terminal.json(difference.json)
        continue
      }
      if !isFirst { terminal.line() }
      isFirst = false
      let names =
        "\(pair.from.map { String($0.prefix(12)) } ?? "") → "
        + "\(pair.to.map { String($0.prefix(12)) } ?? "work tree")"
      // What a reader came for; which versions they are comes second.
      terminal.line(difference.comparability.sentence)
      terminal.line(terminal.paint("\(pair.new.id)  \(names)", .heading))
      guard !edits.isEmpty else { continue }
      terminal.line()
      if stat { terminal.statistics(edits) } else { terminal.show(edits) }
    }
    return differs ? 1 : 0
  }

  /// Two versions, each with its commit; nil for the work tree.
  private struct Pair {
    var old: Rubric
    var new: Rubric
    var from: String?
    var to: String?
  }

  private func pairs(_ store: Store) throws -> [Pair] {
    if let from, let to {
      let first = try store.revision(from)
      var second = try store.revision(to)
      // `diff essay@main exp-b` means the same rubric.
      if second.rubric == nil { second.rubric = first.rubric }
      let old = try store.pull(
        first.rubric ?? second.rubric, at: first.revision)
      let new = try store.pull(second.rubric ?? old.rubric.id, at: second.revision)
      return [Pair(old: old.rubric, new: new.rubric, from: old.commit.hex, to: new.commit.hex)]
    }
    if let from {
      let first = try store.revision(from)
      let old = try store.pull(first.rubric, at: first.revision)
      if !store.isBare, let text = try store.workTreeText(of: old.rubric.id) {
        return [Pair(old: old.rubric, new: try read(text, old.rubric.id), from: old.commit.hex)]
      }
      let new = try store.pull(old.rubric.id)
      return [Pair(old: old.rubric, new: new.rubric, from: old.commit.hex, to: new.commit.hex)]
    }
    guard !store.isBare else {
      return try store.rubrics(at: "HEAD~1").map { id in
        let old = try store.pull(id, at: "HEAD~1")
        let new = try store.pull(id)
        return Pair(old: old.rubric, new: new.rubric, from: old.commit.hex, to: new.commit.hex)
      }
    }
    return try store.workTreeChanges().compactMap { change in
      guard change.kind == .modified, let text = try store.workTreeText(of: change.rubric) else {
        return nil
      }
      let old = try store.pull(change.rubric)
      return Pair(old: old.rubric, new: try read(text, change.rubric), from: old.commit.hex)
    }
  }

  private func read(_ text: [UInt8], _ id: RubricID) throws -> Rubric {
    try Rubric(parsing: text, file: "rubrics/\(id).yaml")
  }
}

extension Terminal {
  /// Counts edits by kind, the commonest first.
  fileprivate func statistics(_ edits: [Edit]) {
    var counts: [Edit.Operation: Int] = [:]
    for edit in edits { counts[edit.operation, default: 0] += 1 }
    let rows = counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    for (operation, count) in rows {
      line("\(paint("\(count)", .number))\t\(operation.rawValue)")
    }
    line("\(paint("\(edits.count)", .number))\t\(edits.count == 1 ? "edit" : "edits")")
  }
}
