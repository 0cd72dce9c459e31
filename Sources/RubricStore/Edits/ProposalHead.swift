/// What a proposal says of itself, above its edits.
///
/// - SeeAlso: SPEC.md §14.2.
public struct ProposalHead: Hashable, Sendable {
  /// The schema that this library reads and writes.
  public static let schema = "rubric-proposal/1"

  /// The rubric that the edits are for; nil where it is not said.
  public var rubric: RubricID?
  /// The commit that they were proposed on; nil where it is not said.
  public var base: ObjectID?
  /// Who proposed them; nil where it is not said.
  public var proposer: MetaUpdate.Proposer?
  /// The ``digest(of:)`` of the edits as they were proposed; nil where it is not said.
  public var digest: String?
  /// What they rest on; empty where it is not said.
  public var provenance = JSONObject()

  /// Creates a head that says nothing.
  public init() {}

  /// Reads the head of a file of edits, whatever else is in it or wrong with it.
  package init(peekingAt bytes: [UInt8]) {
    var reader = NodeReader()
    if let root = DocumentReader.read(bytes).root, case .mapping = root.content {
      self = Self.read(root, &reader)
    }
  }

  static let keys = ["schema", "rubric", "base", "proposer", "digest", "provenance"]

  static var schemaProperties: [(String, JSONValue)] {
    [
      ("schema", ["const": .string(schema)]), ("rubric", RubricID.schema),
      (
        "base",
        ["type": "string", "pattern": "^[0-9a-fA-F]{40}$", "description": "The commit edited."]
      ),
      ("proposer", ProposerRecord.definition),
      ("digest", ["type": "string", "description": "SHA-256 of the edits as proposed."]),
      ("provenance", ["type": "object", "description": "What the edits rest on."]),
    ]
  }

  static func read(_ root: Node, _ reader: inout NodeReader) -> ProposalHead {
    var head = ProposalHead()
    if let node = root["schema"] {
      let schema = reader.inField("schema") { String.read(node, &$0) }
      if let schema, schema != Self.schema {
        reader.inField("schema") {
          $0.report(
            .invalidValue, node, "found \(NodeReader.quote(schema)), expected `\(Self.schema)`",
            hint: "this program reads no other")
        }
      }
    }
    if let node = root["rubric"] {
      head.rubric = reader.inField("rubric") { RubricID.read(node, &$0) }
    }
    if let node = root["base"], let hex = reader.inField("base", { String.read(node, &$0) }) {
      head.base = ObjectID(hex: hex)
      if head.base == nil {
        reader.inField("base") {
          $0.report(.invalidValue, node, "found \(NodeReader.quote(hex)), expected a full hash")
        }
      }
    }
    if let node = root["proposer"] {
      head.proposer = reader.inField("proposer") { reader in
        ProposerRecord.read(node, &reader).map {
          MetaUpdate.Proposer($0.author, name: $0.name)
        }
      }
    }
    if let node = root["digest"] {
      head.digest = reader.inField("digest") { String.read(node, &$0) }
    }
    if let node = root["provenance"] {
      let value = reader.inField("provenance") { JSONValue.read(node, &$0) }
      if let object = value?.object {
        head.provenance = object
      } else if value != nil {
        reader.inField("provenance") { $0.reportType(node, expected: "a mapping") }
      }
    }
    return head
  }

  /// The head as it stands in a file.
  package var members: [(String, JSONValue)] {
    var members: [(String, JSONValue)] = [("schema", .string(Self.schema))]
    if let rubric { members.append(("rubric", .string(rubric.rawValue))) }
    if let base { members.append(("base", .string(base.hex))) }
    if let proposer {
      members.append(
        (
          "proposer",
          ["author": .string(proposer.author.rawValue), "name": .string(proposer.name)]
        ))
    }
    if let digest { members.append(("digest", .string(digest))) }
    return members
  }

  /// What tells edits as they were proposed from edits that somebody changed since: the SHA-256 of
  /// their JSON, a line each.
  public static func digest(of edits: [Edit]) -> String {
    SHA256.hex(Array(edits.map { $0.json.jsonText + "\n" }.joined().utf8))
  }

  /// What the edits that were read rest on: where somebody changed them, what was measured of those
  /// that were proposed is left out, and it is said.
  public func provenance(of edits: [Edit]) -> JSONObject {
    guard let digest, digest != Self.digest(of: edits), !provenance.isEmpty else {
      return provenance
    }
    var changed = provenance
    changed["review"] = nil
    changed["edited"] = true
    return changed
  }
}

/// Who proposed, as a file says it.
private struct ProposerRecord: Record {
  static let recordName = "proposer"
  var author = EditAuthor.meta
  @Verbatim var name = ""

  init(blank: ()) {}

  static let fields: [RecordField<ProposerRecord>] = [
    .optional("author", \.author, default: .meta, "human, meta or import."),
    .optional("name", \.name, default: "", "A name: a program, a model, a run."),
  ]
}

extension EditAuthor: NodeWord {}
