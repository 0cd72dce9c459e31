extension CommitMessage {
  /// The message of a merge.
  ///
  /// - Parameters:
  ///   - revision: What was merged, as it was named.
  ///   - branch: The branch that it was merged into.
  ///   - rationale: Why; its first line takes the place of the subject.
  ///   - proposer: Who merged.
  ///   - records: The rubrics that are as neither parent has them.
  /// - Returns: The message; its last paragraph the trailers, where there are records.
  static func text(
    merging revision: String, into branch: String, rationale: String,
    proposer: MetaUpdate.Proposer, _ records: [MergeRecord]
  ) -> String {
    let lines = plain(rationale)
    // Without spaces at its ends, but for the one that makes it safe.
    let given = guarded(trimmed(lines.first ?? ""))
    var text =
      (given.isEmpty
        ? trimmed(plain("Merge \(revision) into \(branch)").joined(separator: " ")) : given) + "\n"
    let body = lines.dropFirst().drop { $0.isEmpty }
    if !body.isEmpty { text += "\n\(body.joined(separator: "\n"))\n" }
    let settled = records.flatMap(\.settled)
    if !settled.isEmpty {
      text += "\nSettled:\n"
      for conflict in settled.prefix(bullets) {
        text += "- \(conflict.path): \(conflict.rule.words)\n"
      }
      if settled.count > bullets { text += "- and \(settled.count - bullets) more\n" }
    }
    if !records.isEmpty { text += "\n" }
    for record in records {
      text += trailers(record.rubric, .merged, proposer, record.comparability)
      for conflict in record.settled { text += "\(settledKey): \(conflict.written.jsonText)\n" }
      for edit in record.edits { text += "\(editKey): \(edit.written.jsonText)\n" }
    }
    return text
  }
}
