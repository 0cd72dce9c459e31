internal import CRubricStore
internal import RubricStore

/// Edits that are to be committed.
struct EditsRequest: Record {
  var edits = EmbeddedJSON(node: nil)
  var rubric: RubricID?
  var branch: String?
  var rationale: String?
  var proposer: ProposerRequest?
  var author: AuthorRequest?
  var provenance: Extensions?
  var dryRun = false

  init(blank: ()) {}
  static let recordName = "edits request"
  static let fields: [RecordField<EditsRequest>] = [
    .required("edits", \.edits, "A list of edits, as `rubricctl apply` takes it."),
    .optional("rubric", \.rubric, default: nil, "The rubric; the only one if left out."),
    .optional(
      "branch", \.branch, default: nil, "The branch; the one that is checked out if left out."),
    .optional("rationale", \.rationale, default: nil, "Why, as a whole."),
    .optional("proposer", \.proposer, default: nil, "Who proposes the edits."),
    .optional("author", \.author, default: nil, "Who commits; git's own answer if left out."),
    .optional("provenance", \.provenance, default: nil, "What the edits rest on."),
    .optional("dryRun", \.dryRun, default: false, "Whether nothing is committed."),
  ]

  /// Reads a request together with the text of its edits.
  static func read(
    _ pointer: UnsafePointer<CChar>?
  ) throws -> (request: EditsRequest, edits: [UInt8]) {
    // Copied once, so that places in it stay where they are.
    let text = try Argument.text(pointer, "request", limit: Limits.textBytes)
    let request: EditsRequest = try text.withCString { try Argument.request($0) }
    return (request, request.edits.text(in: Array(text.utf8)))
  }

  /// Who proposes: what the request says goes before what stands with the edits.
  func proposer(of head: ProposalHead) -> MetaUpdate.Proposer {
    proposer?.proposer ?? head.proposer ?? MetaUpdate.Proposer()
  }
}

/// A part of a request that is read by somebody else.
struct EmbeddedJSON: NodeCodable {
  var node: Node?

  static func read(_ node: Node, _ reader: inout NodeReader) -> EmbeddedJSON? {
    EmbeddedJSON(node: node)
  }

  var written: JSONValue { .null }
  static let schema: JSONValue = [:]

  /// The part's own text, of the text that it was read from.
  func text(in whole: [UInt8]) -> [UInt8] {
    guard let node, node.start.offset >= 0, node.start.offset <= node.end.offset,
      node.end.offset <= whole.count
    else { return [] }
    return Array(whole[node.start.offset..<node.end.offset])
  }
}
