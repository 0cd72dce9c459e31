import RubricStore

extension Terminal {
  /// Tells of rubrics that git has left in conflict in the work tree.
  func report(_ unmerged: [UnmergedRubric], isJSON: Bool) {
    if isJSON {
      json(["unmerged": .array(unmerged.map(\.report))])
      return
    }
    for item in unmerged {
      line(paint(item.path, .heading))
      for settled in item.merge.settled { show(settled) }
      if let problem = item.merge.problem { line("  \(paint("problem", .error)) \(problem)") }
      for conflict in item.merge.conflicts { show(conflict) }
      if item.merge.isClean {
        line("No conflict is open; `git add \(item.path)` tells git.")
      } else if !item.merge.conflicts.isEmpty {
        let count = item.merge.conflicts.count
        line(count == 1 ? "1 conflict is open." : "\(count) conflicts are open.")
      }
    }
  }
}

extension UnmergedRubric {
  fileprivate var report: JSONValue {
    [
      "rubric": .string(rubric.rawValue), "path": .string(path), "clean": .bool(merge.isClean),
      "conflicts": .array(merge.conflicts.map(\.json)),
      "settled": .array(merge.settled.map(\.json)),
      "problem": merge.problem.map { .string($0) } ?? .null,
    ]
  }
}

extension FileMerge {
  /// The merge as `merge-file --json` gives it.
  var report: JSONValue {
    [
      "clean": .bool(isClean), "lines": .bool(isByLines),
      "conflicts": .array(conflicts.map(\.json)), "settled": .array(settled.map(\.json)),
      "notes": .array(notes.map(\.json)), "problem": problem.map { .string($0) } ?? .null,
    ]
  }

  /// What a person is told beside the file: a line for each thing.
  func summary(of path: String) -> String {
    var lines = notes.map { "\(path): note \($0.path): \($0.message)" }
    if let problem { lines.append("\(path): \(problem)") }
    if !conflicts.isEmpty {
      let most = 10
      let places = conflicts.prefix(most).map { "\($0.path) (\($0.code.rawValue))" }
      let more = conflicts.count > most ? " and \(conflicts.count - most) more" : ""
      lines.append(
        "\(path): \(conflicts.count == 1 ? "1 conflict" : "\(conflicts.count) conflicts"): "
          + places.joined(separator: ", ") + more)
    }
    return lines.map { $0 + "\n" }.joined()
  }
}
