extension CommitMessage {
  /// The rationale that a message was made of: the subject without the rubric's name, and the body
  /// without the list of edits and the trailers that were written for it.
  ///
  /// - Parameters:
  ///   - message: The message of a commit.
  ///   - rubric: The rubric that the commit is about.
  ///   - record: What the message records; nil for a commit that was made with git alone.
  /// - Returns: The first line, and what follows without blank lines around it; either may be empty.
  package static func rationale(
    of message: String, rubric: RubricID, record: RecordedChange?
  ) -> (subject: String, body: String) {
    var lines = message.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      String(Substring($0))
    }
    func isBlank(_ line: String) -> Bool {
      line.utf8.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
    }
    func dropBlank() { while let last = lines.last, isBlank(last) { lines.removeLast() } }
    dropBlank()
    guard var subject = lines.first else { return ("", "") }
    let start = "\(rubric): "
    if subject.utf8.starts(with: start.utf8) {
      subject = String(subject.utf8.dropFirst(start.utf8.count)) ?? subject
    }
    if let record {
      while lines.count > 1, let last = lines.last, !isBlank(last) { lines.removeLast() }
      dropBlank()
      let bullets = min(record.edits.count, bullets) + (record.edits.count > bullets ? 1 : 0)
      let tail = lines.dropFirst().suffix(bullets)
      if bullets > 0, tail.count == bullets, tail.allSatisfy({ $0.utf8.starts(with: "- ".utf8) }) {
        lines.removeLast(bullets)
      }
      dropBlank()
    }
    let body = lines.dropFirst().drop(while: isBlank)
    return (subject, body.joined(separator: "\n"))
  }
}
