import RubricStore

extension Terminal {
  /// Tells what a commit did.
  ///
  /// - Parameters:
  ///   - outcome: What it did.
  ///   - isJSON: Whether to tell it in JSON.
  ///   - extra: Members of the JSON besides those of every commit.
  func report(_ outcome: CommitOutcome, isJSON: Bool, extra: [(String, JSONValue)] = []) {
    if isJSON {
      var object = outcome.json.object ?? JSONObject()
      for (key, value) in extra { object[key] = value }
      json(.object(object))
    } else {
      line(
        "[\(outcome.branch) \(paint(outcome.commit.prefix(12), .commit))] "
          + outcome.summary(theme))
      if let sentence = outcome.comparability?.sentence, outcome.kind == .edited { line(sentence) }
    }
    if let note = outcome.workTreeNote {
      Terminal.writeError(theme.paint("warning:", .warning) + " \(note)\n")
    }
  }
}

extension CommitOutcome {
  func summary(_ theme: Theme) -> String {
    switch kind {
    case .created: "\(rubric): created"
    case .removed: "\(rubric): removed"
    case .merged: "\(rubric): merged"
    case .edited where edits.isEmpty: "\(rubric): layout only"
    case .edited where edits.count == 1: "\(rubric): \(edits[0].summary)"
    case .edited:
      "\(rubric): \(edits.count) edits"
        + edits.prefix(20).map { "\n  \($0.summary)" }.joined()
        + (edits.count > 20 ? "\n  and \(edits.count - 20) more" : "")
    }
  }
}
