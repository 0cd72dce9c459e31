import RubricStore
import Testing

/// What a proposal says above its edits, and what a commit keeps of it.
@Suite struct ProposalHeadTests {
  private static func rubric() -> Rubric {
    Rubric(id: "essay", criteria: [Criterion(id: "flow", text: "Do the ideas follow?")])
  }

  private static let person = Identity(name: "Ada", email: "ada@example.org")
  private static let base = String(repeating: "a1", count: 20)

  private static let proposal = """
    # A comment of a reviewer.
    schema: rubric-proposal/1
    rubric: essay
    base: \(base)
    proposer: {author: meta, name: stats/1}
    rationale: Flow is always met
    edits:
      - {op: reweight, id: flow, before: 1, after: 0.5, rationale: it tells nothing}
    provenance: {evidence: {rollouts: 812}}
    """

  @Test func aProposalIsAListOfEdits() throws {
    let list = try EditList(parsing: Array(Self.proposal.utf8), for: Self.rubric())
    #expect(list.rationale == "Flow is always met")
    #expect(list.edits.map(\.operation) == [.reweight])
    #expect(list.head.rubric == "essay")
    #expect(list.head.base?.hex == Self.base)
    #expect(list.head.proposer == MetaUpdate.Proposer(.meta, name: "stats/1"))
    #expect(list.head.provenance["evidence"]?["rollouts"] == .integer(812))
    #expect(ProposalHead(peekingAt: Array(Self.proposal.utf8)) == list.head)
  }

  /// What was measured of other edits is not said of these.
  @Test func editsThatWereChangedAreToldAsSuch() throws {
    let list = try EditList(parsing: Array(Self.proposal.utf8), for: Self.rubric())
    var head = list.head
    head.provenance["review"] = ["laws": 1]
    #expect(head.provenance(of: list.edits) == head.provenance)
    head.digest = ProposalHead.digest(of: list.edits)
    #expect(head.provenance(of: list.edits) == head.provenance)
    let changed = head.provenance(of: [])
    #expect(changed["review"] == nil && changed["edited"] == true && changed["evidence"] != nil)
  }

  @Test func aPlainListHasNoHead() throws {
    let list = try EditList(
      parsing: Array("- {op: reweight, id: flow, after: 2}".utf8), for: Self.rubric())
    #expect(list.head == ProposalHead())
    #expect(ProposalHead(peekingAt: [0xFF, 0x00]) == ProposalHead())
    #expect(ProposalHead(peekingAt: Array("- a".utf8)) == ProposalHead())
  }

  @Test(arguments: [
    ("schema: rubric-proposal/2", "rubric-proposal/1"), ("base: HEAD", "full hash"),
    ("proposer: {author: robot}", "human"), ("provenance: [1]", "mapping"),
    ("rubrik: essay", "did you mean `rubric`?"),
  ])
  func aWrongHeadIsTold(_ line: String, _ words: String) throws {
    let text = "\(line)\nedits: [{op: no_change, rationale: w}]"
    do throws(EditList.Failure) {
      _ = try EditList(parsing: Array(text.utf8), for: Self.rubric())
      Issue.record("expected an error")
    } catch {
      guard case .syntax(let error) = error else {
        Issue.record("expected an error of the text")
        return
      }
      #expect("\(error)".contains(words), "\(error)")
    }
  }

  @Test func aProposalForAnotherRubricIsRefused() {
    let text = Self.proposal.replacing("rubric: essay", with: "rubric: summary")
    #expect {
      _ = try EditList(parsing: Array(text.utf8), for: Self.rubric())
    } throws: { error in
      guard case EditList.Failure.edit(let error)? = error as? EditList.Failure else {
        return false
      }
      return error.code == .differentRubrics
    }
  }

  @Test func aCommitKeepsWhatEditsRestOn() throws {
    let sandbox = try GitSandbox()
    let store = try Store.open(sandbox.path)
    try store.create(Array(Self.rubric().canonicalText.utf8), author: Self.person)
    let provenance = JSONObject([
      ("evidence", ["rollouts": 812, "sha256": "9f\n\u{2028}x"]), ("model", .null),
    ])
    let outcome = try store.commit(
      MetaUpdate(
        rubric: "essay", edits: [Edit(.reweight("flow", Delta(before: 1, after: 0.5)))],
        proposer: MetaUpdate.Proposer(.meta, name: "stats/1"), provenance: provenance),
      author: Self.person)
    let entry = try store.log(from: outcome.commit.hex).first
    #expect(entry?.provenance == provenance)
    // One line for git's own reader too.
    let trailer = try sandbox.git(
      "log", "-1", "--format=%(trailers:key=Rubric-Provenance,valueonly)")
    #expect(try JSONValue(parsing: trailer) == .object(provenance))
  }
}
