internal import CRubricStore
internal import RubricStore

/// A merge that is asked for.
struct MergeRequest: Record {
  var revision = ""
  var into: String?
  var settle: [String] = []
  var settleAll: [String] = []
  var fastForward = MergeOptions.FastForward.allowed
  var rationale = ""
  var proposer = ProposerRequest(blank: ())
  var author: AuthorRequest?
  var dryRun = false
  var keep = false

  init(blank: ()) {}
  static let recordName = "merge request"
  static let fields: [RecordField<MergeRequest>] = [
    .required("revision", \.revision, "What to merge: a branch, a tag, a commit."),
    .optional(
      "into", \.into, default: nil, "The branch; the one that is checked out if left out."),
    .optional("settle", \.settle, default: [], "Settlements of conflicts: PLACE=RULE."),
    .optional("settleAll", \.settleAll, default: [], "Rules that settle wherever they fit."),
    .optional("fastForward", \.fastForward, default: .allowed, "allowed, never or only."),
    .optional("rationale", \.rationale, default: "", "Why, as a whole."),
    .optional("proposer", \.proposer, default: ProposerRequest(blank: ()), "Who merges."),
    .optional("author", \.author, default: nil, "Who commits; git's own answer if left out."),
    .optional("dryRun", \.dryRun, default: false, "Whether nothing is committed."),
    .optional("keep", \.keep, default: false, "Whether conflicts are kept in the repository."),
  ]

  /// How the merge is to be made.
  var options: MergeOptions {
    get throws {
      guard !keep || !dryRun else {
        throw CallError.argument(
          "`keep` and `dryRun` exclude each other", hint: "a dry run keeps nothing")
      }
      var options = MergeOptions()
      options.settlements = Settlements(
        try settle.map { try Settlement(parsing: $0) }, all: try settleAll.map(Self.rule))
      options.fastForward = fastForward
      options.rationale = rationale
      options.proposer = proposer.proposer
      options.author = author?.identity
      options.isDryRun = dryRun
      options.keepsConflicts = keep
      return options
    }
  }

  private static func rule(_ name: String) throws(CallError) -> Settlement.Rule {
    if let rule = Settlement.Rule(name: name) { return rule }
    let names = Settlement.Rule.named.compactMap(\.name)
    throw CallError(
      Int(RS_ERR_MERGE), "invalid_settlement",
      "there is no rule \(NodeReader.quote(name)) for all conflicts",
      hint: Suggestion.didYouMean(name, among: names)
        ?? "the rules are \(Suggestion.list(names, conjunction: "and"))")
  }
}

extension MergeOptions.FastForward: NodeWord {}
