/// A list of edits as a person or a model writes it down: YAML or JSON.
///
/// Either the edits alone, or a mapping of `edits` and a `rationale` for all of them. A proposal that a
/// person reviews is such a mapping with a head that says whose it is.
///
/// - SeeAlso: SPEC.md §5.3.
public struct EditList: Sendable {
  /// Why the edits were made, as a whole; empty where it was not said.
  public var rationale: String
  /// The edits, complete.
  public var edits: [Edit]
  /// Whose they are, of a proposal; all nil or empty for a list that a person wrote.
  public var head = ProposalHead()

  /// Why edits could not be read.
  public enum Failure: Error, Sendable {
    /// The text is not a list of edits.
    case syntax(SyntaxError)
    /// An edit cannot be made on the rubric.
    case edit(EditError)
  }

  /// Reads edits that are made for `rubric`; what they left out is taken from it.
  ///
  /// An edit may leave out `before`, and an `add` its `place`: the criterion then comes last.
  ///
  /// - Parameters:
  ///   - bytes: YAML or JSON, at most ``Limits/textBytes`` bytes.
  ///   - rubric: The rubric that the first edit is made on.
  ///   - file: The name of the file, for messages.
  /// - Throws: ``Failure``, either what is wrong with the text, all of it, or the first edit that
  ///   cannot be made.
  public init(parsing bytes: [UInt8], for rubric: Rubric, file: String = "") throws(Failure) {
    let (root, findings) = DocumentReader.read(bytes)
    guard let root, findings.isEmpty else {
      throw .syntax(SyntaxError(file: file, findings: findings))
    }
    var reader = NodeReader()
    var list: Node? = root
    var rationale = ""
    var head = ProposalHead()
    if case .mapping(let entries, _) = root.content {
      let keys = ["rationale", "because", "edits"] + ProposalHead.keys
      for entry in entries where !keys.contains(entry.name) {
        reader.report(
          .unknownKey, entry.key,
          "unknown key \(NodeReader.quote(entry.name)) in a list of edits",
          hint: Suggestion.didYouMean(entry.name, among: keys))
      }
      if let words = root["rationale"] ?? root["because"] {
        rationale = reader.inField("rationale") { String.read(words, &$0) } ?? ""
      }
      head = ProposalHead.read(root, &reader)
      list = root["edits"]
      if list == nil {
        reader.report(
          .missingKey, root, "the file has no `edits`", hint: "add `edits:` and a list")
      }
    }
    var edits: [Edit] = []
    if let other = head.rubric, other != rubric.id {
      throw .edit(
        EditError(
          .differentRubrics, message: "the edits are for `\(other)`, and this is `\(rubric.id)`",
          hint: "name the rubric: --rubric \(other)"))
    }
    do throws(EditError) {
      var editing = try Editing(rubric)
      var unknown: (index: Int, operation: Edit.Operation, id: CriterionID)?
      for (index, node) in Self.items(list, &reader).enumerated() {
        let edit: Edit? = reader.inField("edits") { reader in
          reader.inItem(index) { reader in
            guard let draft = EditDraft.read(node, &reader) else { return nil }
            // What nobody has cannot be completed; that says more than what is missing then.
            if reader.findings.isEmpty, let id = draft.unknownTarget(on: editing) {
              unknown = (index, draft.operation, id)
              return nil
            }
            return draft.completed(on: editing).edit(&reader)
          }
        }
        if let unknown {
          do throws(EditError) {
            _ = try editing.criterion(unknown.id)
          } catch {
            var error = error
            error.index = unknown.index
            error.operation = unknown.operation
            throw error
          }
        }
        guard let edit else { continue }
        edits.append(edit)
        guard reader.findings.isEmpty else { continue }
        do throws(EditError) {
          try editing.apply(edit.change)
        } catch {
          var error = error
          error.index = index
          error.operation = edit.operation
          error.criterion = error.criterion ?? edit.target
          throw error
        }
      }
    } catch {
      guard reader.findings.isEmpty else {
        throw .syntax(SyntaxError(file: file, findings: reader.findings))
      }
      throw .edit(error)
    }
    guard reader.findings.isEmpty else {
      throw .syntax(SyntaxError(file: file, findings: reader.findings))
    }
    self.rationale = rationale
    self.edits = edits
    self.head = head
  }

  private static func items(_ node: Node?, _ reader: inout NodeReader) -> [Node] {
    guard let node else { return [] }
    guard case .sequence(let items, _) = node.content else {
      reader.reportType(node, expected: "a list of edits")
      return []
    }
    return items
  }
}
