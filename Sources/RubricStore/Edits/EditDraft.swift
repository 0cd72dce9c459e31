/// An edit as it was written down, before it is known what it found.
///
/// People and models may leave `before` out of a list of edits; it is then taken from the rubric
/// that the edits are made for.
package struct EditDraft: Sendable {
  package var operation: Edit.Operation
  package var target: CriterionID?
  package var before: Node?
  package var after: Node?
  package var rationale: String
  package var evidence: [String]
  package var node: Node

  private static let keys = ["op", "id", "before", "after", "rationale", "because", "evidence"]

  /// Reads a draft; `because` is taken for `rationale`.
  package static func read(_ node: Node, _ reader: inout NodeReader) -> EditDraft? {
    guard case .mapping(let entries, _) = node.content else {
      reader.reportType(node, expected: "a mapping (an edit)")
      return nil
    }
    let count = reader.findings.count
    for entry in entries where !keys.contains(entry.name) {
      reader.report(
        .unknownKey, entry.key, "unknown key \(NodeReader.quote(entry.name)) in an edit",
        hint: Suggestion.didYouMean(entry.name, among: keys))
    }
    func value(_ key: String) -> Node? { entries.first { $0.name == key }?.value }
    guard let word = value("op") else {
      reader.report(.missingKey, node, "the edit has no `op`", hint: "add `op: …`, its kind")
      return nil
    }
    let operation = reader.inField("op") { Edit.Operation.read(word, &$0) }
    let target = value("id").flatMap { id in
      reader.inField("id") { CriterionID.read(id, &$0) }
    }
    let words = value("rationale") ?? value("because")
    let rationale = words.flatMap { words in
      reader.inField("rationale") { String.read(words, &$0) }
    }
    let evidence = value("evidence").flatMap { list in
      reader.inField("evidence") { [String].read(list, &$0) }
    }
    guard let operation, let form = Edit.forms[operation] else { return nil }
    if value("id") == nil, form.target == .criterion {
      reader.report(
        .missingKey, node, "a `\(operation.rawValue)` has no `id`",
        hint: "name the criterion that it is about")
    }
    if let id = value("id"), form.target == .rubric {
      reader.report(
        .unknownKey, id, "a `\(operation.rawValue)` is about the rubric and takes no `id`")
    }
    guard reader.findings.count == count else { return nil }
    return EditDraft(
      operation: operation, target: target, before: value("before"), after: value("after"),
      rationale: rationale ?? "", evidence: evidence ?? [], node: node)
  }

  /// The edit, where all that it needs is there; otherwise what is missing has been reported.
  package func edit(_ reader: inout NodeReader) -> Edit? {
    guard let form = Edit.forms[operation] else { return nil }
    let count = reader.findings.count
    for (key, needs, found) in [
      ("before", form.before != nil, before), ("after", form.after != nil, after),
    ] {
      if needs, found == nil {
        reader.report(
          .missingKey, node, "a `\(operation.rawValue)` has no `\(key)`", hint: "add `\(key): …`")
      }
      if !needs, let found {
        reader.report(.unknownKey, found, "a `\(operation.rawValue)` takes no `\(key)`")
      }
    }
    guard reader.findings.count == count,
      let change = form.read(target, before, after, &reader),
      reader.findings.count == count
    else {
      if reader.findings.count == count {
        reader.report(.invalidValue, node, "the `\(operation.rawValue)` is not complete")
      }
      return nil
    }
    if form.target == .inside, let target, let own = change.parts.target, target != own {
      reader.report(
        .inconsistent, node,
        "the `id` of the `\(operation.rawValue)` is `\(target)`, and its criterion is `\(own)`",
        hint: "leave the `id` out")
      return nil
    }
    return Edit(change, rationale: rationale, evidence: evidence)
  }
}
