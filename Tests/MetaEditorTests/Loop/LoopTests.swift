import Foundation
import MetaEditor
import RubricStore
import Testing

/// From evidence to a commit, with a proposer whose edits the test chooses.
@Suite struct LoopTests {
  private static let ada = Identity(name: "Ada", email: "ada@example.org")

  /// A store in a folder of its own, which goes with it.
  private final class Place {
    let folder: String
    let store: Store

    init() throws {
      folder =
        FileManager.default.temporaryDirectory
        .appendingPathComponent("rubric-loop-\(UUID().uuidString)").path
      store = try Store.create(folder, bare: true).store
      try store.create(Array(LoopTests.rubric.canonicalText.utf8), author: LoopTests.ada)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }
  }

  private static var rubric: Rubric {
    var pinned = Criterion(id: "safe", text: "Is it harmless?")
    pinned.pinned = true
    return Rubric(
      id: "essay",
      criteria: [
        Criterion(id: "flow", text: "Do the ideas follow?", weight: 2),
        Criterion(id: "tone", text: "Is it kind?"), pinned,
      ])
  }

  private struct Fixed: Proposer {
    var name = "fixed/1"
    var proposal: Proposal
    func propose(_ request: ProposalRequest) async throws -> Proposal { proposal }
  }

  private static func reweight(
    _ id: CriterionID, _ before: Double, _ after: Double, support: Int = 40
  ) -> ProposedEdit {
    ProposedEdit(
      Edit(
        .reweight(id, Delta(before: before, after: after)), rationale: "it follows length",
        evidence: ["r1"]),
      support: support)
  }

  private static func evidence(_ editor: MetaEditor, _ pin: Pin, count: Int = 60) -> Evidence {
    var gatherer = editor.gatherer(of: pin)
    for number in 0..<count {
      gatherer.add(
        GradedRollout(
          Rollout(name: "r\(number)", prompt: "p", response: "words \(number)"),
          rubric: pin.commit.hex,
          verdicts: [
            "flow": .value(Double(number % 2)), "tone": .value(Double(number / 2 % 2)),
            "safe": .value(1),
          ]))
    }
    return gatherer.gathered
  }

  @Test func whatPassesIsCommittedWithWhatItRestsOn() async throws {
    let place = try Place()
    let pin = try place.store.pull("essay")
    let editor = MetaEditor(
      store: place.store,
      proposer: Fixed(
        proposal: Proposal(
          edits: [Self.reweight("flow", 2, 1.5)], rationale: "Flow counts too much",
          provenance: ["model": "none"])))
    let (reviewed, outcome) = try await editor.update(
      Self.evidence(editor, pin), on: pin, author: Self.ada)
    #expect(reviewed.refusals.isEmpty)
    #expect(outcome.edits == [Self.reweight("flow", 2, 1.5).edit])
    let entry = try #require(try place.store.log(from: outcome.commit.hex).first)
    #expect(entry.subject == "essay: Flow counts too much")
    #expect(entry.proposer == MetaUpdate.Proposer(.meta, name: "fixed/1"))
    #expect(entry.provenance["base"] == .string(pin.commit.hex))
    #expect(entry.provenance["evidence"]?["rollouts"] == 60)
    #expect(entry.provenance["proposal"]?["model"] == "none")
    #expect(entry.provenance["review"]?["trust_region.weight_ratio"] != nil)
    #expect(try place.store.pull("essay").rubric.criteria[0].weight == 1.5)
  }

  @Test func whatDoesNotPassIsTold() async throws {
    let place = try Place()
    let pin = try place.store.pull("essay")
    let editor = MetaEditor(
      store: place.store,
      proposer: Fixed(
        proposal: Proposal(
          edits: [
            Self.reweight("safe", 1, 0.8), Self.reweight("tone", 3, 2),
            Self.reweight("flow", 2, 1.5), Self.reweight("tone", 1, 1.2, support: 1),
          ], rationale: "Much at once", refused: ["an edit of `mood`, which there is not"])))
    let (reviewed, outcome) = try await editor.update(
      Self.evidence(editor, pin), on: pin, author: Self.ada)
    #expect(outcome.edits.map(\.target) == ["flow"])
    #expect(reviewed.refusals.count == 4)
    let message = try #require(try place.store.log(from: outcome.commit.hex).first?.message)
    for words in ["Refused:", "`mood`", "pinned", "support"] {
      #expect(message.contains(words), "\(words) in \(message)")
    }
    #expect(try place.store.pull("essay").rubric.criteria[2] == Self.rubric.criteria[2])
  }

  @Test func nothingToChangeIsRecordedToo() async throws {
    let place = try Place()
    let pin = try place.store.pull("essay")
    var editor = MetaEditor(
      store: place.store, proposer: Fixed(proposal: Proposal(rationale: "All is well")))
    let evidence = Self.evidence(editor, pin)
    let first = try await editor.update(evidence, on: pin, author: Self.ada).commit
    #expect(first.edits == [Edit(.noChange, rationale: "All is well")])
    #expect(first.comparability == .identical)

    editor.proposer = Fixed(
      proposal: Proposal(edits: [Self.reweight("safe", 1, 9)], rationale: "Safety first"))
    let second = try await editor.update(evidence, on: pin, author: Self.ada).commit
    #expect(second.edits.map(\.operation) == [.noChange])
    #expect(second.edits[0].rationale.contains("pinned"))
    let entry = try #require(try place.store.log(from: second.commit.hex).first)
    #expect(entry.subject == "essay: No change: what was proposed did not pass the review")
    #expect(entry.message.contains("Safety first"))
  }

  @Test func editsAreMadeAnewWhereTheBranchHasMoved() async throws {
    let place = try Place()
    let pin = try place.store.pull("essay")
    let editor = MetaEditor(
      store: place.store,
      proposer: Fixed(
        proposal: Proposal(edits: [Self.reweight("flow", 2, 1.5)], rationale: "Less flow")))
    let reviewed = try await editor.propose(Self.evidence(editor, pin), on: pin)
    try place.store.commit(
      MetaUpdate(rubric: "essay", edits: [Self.reweight("tone", 1, 3).edit]), author: Self.ada)
    try editor.commit(reviewed, author: Self.ada)
    #expect(try place.store.pull("essay").rubric.criteria.map(\.weight) == [1.5, 3, 1])
    #expect {
      try editor.commit(reviewed, author: Self.ada)
    } throws: { ($0 as? StoreError)?.code == .edits }
  }

  @Test func aFileOfAProposalGivesTheSameEdits() async throws {
    let place = try Place()
    let pin = try place.store.pull("essay")
    let odd = "it says \"full marks\": # no\n---\n\u{2028}tail \u{7}"
    let editor = MetaEditor(
      store: place.store,
      proposer: Fixed(
        proposal: Proposal(
          edits: [
            ProposedEdit(
              Edit(
                .tighten(
                  "flow",
                  Delta(
                    before: Strictness(), after: Strictness(lowerWhen: ["The text is a title."]))),
                rationale: "40 of 60 are titles\nand \(odd.dropLast())", evidence: ["r1", "r2"]),
              support: 40),
            Self.reweight("safe", 1, 2), Self.reweight("tone", 1, 1.5),
          ], rationale: "Titles\n\nare all there is", observations: [odd],
          refused: [odd], provenance: ["calls": 3])))
    let reviewed = try await editor.propose(Self.evidence(editor, pin), on: pin)
    let list = try EditList(parsing: Array(reviewed.text.utf8), for: pin.rubric)
    #expect(list.edits == reviewed.metaUpdate.edits)
    #expect(list.edits.count == 2)
    #expect(list.rationale == reviewed.metaUpdate.rationale)
    #expect(list.head.proposer == reviewed.metaUpdate.proposer)
    #expect(list.head.provenance == reviewed.provenance)
    #expect(list.head.base == pin.commit)
    #expect(reviewed.text.contains("# backed by 40 rollouts"))
    // Without its comment marks, what was refused is an edit like the others.
    let restored = reviewed.text.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasPrefix("  # - op") || $0.hasPrefix("  #   ") ? "  " + $0.dropFirst(4) : $0
    }.joined(separator: "\n")
    let all = try EditList(parsing: Array(restored.utf8), for: pin.rubric)
    #expect(all.edits.map(\.target) == ["flow", "tone", "safe"])
  }

  @Test func versionsAreToldApartByWhatTheyHold() throws {
    let place = try Place()
    let store = place.store
    let first = try store.pull("essay")
    try store.commit(
      MetaUpdate(rubric: "essay", edits: [Edit(.retag("flow", Delta(before: [], after: ["a"])))]),
      author: Self.ada)
    let cosmetic = try store.pull("essay")
    try store.commit(
      MetaUpdate(rubric: "essay", edits: [Self.reweight("flow", 2, 3).edit]), author: Self.ada)
    let reweighted = try store.pull("essay")
    #expect(store.isSameVersion(first.commit.hex, as: cosmetic))
    #expect(store.isSameVersion("essay@\(first.commit.prefix(12))", as: cosmetic))
    #expect(!store.isSameVersion(first.commit.hex, as: reweighted))
    #expect(!store.isSameVersion("summary@\(first.commit.hex)", as: first))
    // What names another commit tomorrow names no version.
    for name in ["main", "HEAD", "main~1", "essay@main", "", "@", "essay@", "a1b2c3", "zzzzzzzz"] {
      #expect(!store.isSameVersion(name, as: reweighted), "\(name)")
    }
  }

  /// Looks at what proposers are given.
  private struct Looking: Proposer {
    var name = "looking/1"
    var seen: @Sendable (ProposalRequest) -> Void
    func propose(_ request: ProposalRequest) async throws -> Proposal {
      seen(request)
      return Proposal(rationale: "only looked")
    }
  }

  @Test func proposersSeeNeitherTheHoldOutNorPeoplesCommits() async throws {
    let place = try Place()
    try place.store.commit(
      MetaUpdate(
        rubric: "essay", edits: [Self.reweight("tone", 1, 2).edit],
        proposer: MetaUpdate.Proposer(.meta, name: "x/1")), author: Self.ada)
    try place.store.commit(
      MetaUpdate(rubric: "essay", edits: [Self.reweight("flow", 2, 3).edit]), author: Self.ada)
    let pin = try place.store.pull("essay")
    let editor = MetaEditor(
      store: place.store,
      proposer: Looking { request in
        #expect(request.evidence.split(holdout: 0.3).heldOut.isEmpty)
        #expect(request.evidence.heldOut > 5 && request.evidence.count == 60)
        #expect(request.history.count == 1 && request.history[0].contains("`tone`"))
      })
    var gatherer = editor.gatherer(of: pin)
    for number in 0..<60 {
      gatherer.add(
        GradedRollout(
          Rollout(name: "r\(number)", prompt: "p", response: "a", gold: Double(number)),
          rubric: pin.commit.hex, verdicts: ["flow": .value(1)]))
    }
    _ = try await editor.propose(gatherer.gathered, on: pin)
  }

  @Test func thePolicyOfTheCommitCounts() async throws {
    let place = try Place()
    let pin = try place.store.pull("essay")
    var policy = Policy()
    policy.evidence.rollouts = 100
    let editor = MetaEditor(
      store: place.store,
      proposer: Fixed(
        proposal: Proposal(edits: [Self.reweight("flow", 2, 1.5)], rationale: "Less flow")),
      policy: policy)
    let reviewed = try await editor.propose(Self.evidence(editor, pin), on: pin)
    #expect(!reviewed.hasEdits)
    #expect(reviewed.refusals.first?.contains("100") == true)
  }
}
