internal import MetaEditor
internal import RubricStore

/// What is to be made of evidence.
struct EvidenceRequest: Record {
  var rubric: RubricID?
  var branch: String?
  var commit = false
  var policy: String?
  var author: AuthorRequest?
  var proposal: CallersProposal?

  init(blank: ()) {}
  static let recordName = "evidence request"
  static let fields: [RecordField<EvidenceRequest>] = [
    .optional("rubric", \.rubric, default: nil, "The rubric; the only one if left out."),
    .optional(
      "branch", \.branch, default: nil, "The branch; the one that is checked out if left out."),
    .optional("commit", \.commit, default: false, "Whether what passes is committed."),
    .optional(
      "policy", \.policy, default: nil, "The text of a policy, instead of the repository's."),
    .optional("author", \.author, default: nil, "Who commits; git's own answer if left out."),
    .optional("proposal", \.proposal, default: nil, "The caller's own proposal."),
  ]
}

/// A proposal that the caller's own proposer made.
struct CallersProposal: Record {
  var name = ""
  var rationale = ""
  var edits: [BackedEdit] = []
  var observations: [String] = []
  var provenance = Extensions()

  init(blank: ()) {}
  static let recordName = "proposal"
  static let fields: [RecordField<CallersProposal>] = [
    .required("name", \.name, "The proposer's name and version, a short line.", ["minLength": 1]),
    .required("rationale", \.rationale, "Why, as a whole.", ["minLength": 1]),
    .required("edits", \.edits, "The edits; none where nothing should change."),
    .optional("observations", \.observations, default: [], "What was found besides."),
    .optional("provenance", \.provenance, default: Extensions(), "What the proposal rests on."),
  ]

  /// An edit with how many rollouts stand behind it.
  struct BackedEdit: Record {
    var edit = EmbeddedJSON(node: nil)
    var support: Int?

    init(blank: ()) {}
    static let recordName = "proposed edit"
    static let fields: [RecordField<BackedEdit>] = [
      .required("edit", \.edit, "An edit, as `rubricctl apply` takes it."),
      .optional(
        "support", \.support, default: nil,
        "How many rollouts back it; as many as its evidence names if left out."),
    ]
  }

  /// How many edits that cannot be made are told of; one more, and the whole proposal is refused, for
  /// each costs a reading of all.
  private static let mostRefused = 100

  /// The proposal, its edits completed by what the rubric holds.
  ///
  /// An edit that cannot be made is refused with its reason, and the others stand; one that is not
  /// well formed is an error, for only the caller can mend it.
  ///
  /// - Parameters:
  ///   - text: The text that the request was read from.
  ///   - rubric: The rubric that the first edit is made on.
  /// - Returns: The proposal.
  /// - Throws: `EditList.Failure` for edits that are not well formed.
  func proposal(in text: [UInt8], for rubric: Rubric) throws -> Proposal {
    var open = edits
    var proposal = Proposal(
      rationale: rationale, observations: observations, provenance: provenance.members)
    while true {
      var list: [UInt8] = [UInt8(ascii: "[")]
      for (index, item) in open.enumerated() {
        if index > 0 { list.append(UInt8(ascii: ",")) }
        list += item.edit.text(in: text)
      }
      list.append(UInt8(ascii: "]"))
      do throws(EditList.Failure) {
        let read = try EditList(parsing: list, for: rubric, file: "edits")
        proposal.edits = zip(read.edits, open).map { edit, item in
          ProposedEdit(edit, support: max(0, item.support ?? Set(edit.evidence).count))
        }
        return proposal
      } catch {
        guard case .edit(let error) = error, let index = error.index,
          open.indices.contains(index), proposal.refused.count < Self.mostRefused
        else { throw error }
        proposal.refused.append(error.description)
        open.remove(at: index)
      }
    }
  }
}
