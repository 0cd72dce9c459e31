import MetaEditor
import MetaEditorConformance
import ModelEndpoint
import RubricStore
import Synchronization
import Testing

@Suite("Model proposer") struct ModelProposerTests {
  func tightening(
    _ reason: String, id: String = "flow", evidence: String = "[]"
  ) -> String {
    #"""
    {"op":"tighten","id":"\#(id)","rationale":"Lists are graded well.","evidence":\#(evidence),
     "lower_when":["\#(reason)"]}
    """#
  }

  func answer(_ edits: String..., summary: String = "") -> String {
    #"{"summary":"\#(summary)","edits":["# + edits.joined(separator: ",") + "]}"
  }

  @Test func evidenceBecomesACompleteEdit() async throws {
    let model = ScriptedEditor { request, _ in
      request.purpose == "analysis"
        ? #"""
        {"findings":[{"criterion":"flow","quote":"is a drink","reason":"It only lists.",
         "problem":"inflated"},{"criterion":"rubric","quote":"never written anywhere",
         "reason":"Nothing asks for depth.","problem":"missing"}]}
        """#
        : self.answer(
          self.tightening("It only lists.", evidence: Proposing.names(request)), summary: "Lists.")
    }
    let rubric = try Proposing.rubric()
    let proposal = try await Proposing.propose(model, on: rubric)
    let edit = try #require(proposal.edits.first)
    #expect(proposal.edits.count == 1)
    #expect(edit.support == 4)
    #expect(edit.edit.evidence.count == 4)
    #expect(edit.edit.rationale == "Lists are graded well.")
    let after = try Proposing.applied(proposal, to: rubric)
    #expect(
      after.criteria[3].criteria[0].lowerWhen == ["Sentences do not connect.", "It only lists."])
    #expect(proposal.rationale.hasPrefix("tighten `flow` (1 refinement over 4 rollouts)"))
    #expect(proposal.rationale.contains("- 1: Lists."))
    #expect(proposal.observations.contains { $0.contains("`flow` is graded too well in 4 of 4") })
    #expect(proposal.observations.contains { $0.contains("4 quotes of the analysis") })
    #expect(!proposal.observations.contains { $0.contains("never written") })
    #expect(proposal.refused.isEmpty)
    #expect(model.asked.map(\.purpose) == Array(repeating: "analysis", count: 4) + ["refinement"])
  }

  @Test func provenanceNamesModelsTemplatesSettingsAndCost() async throws {
    let model = ScriptedEditor { request, _ in
      request.purpose == "analysis"
        ? #"{"findings":[]}"#
        : self.answer(self.tightening("It only lists.", evidence: Proposing.names(request)))
    }
    let proposal = try await Proposing.propose(model, refinements: 2) { $0.seed = 7 }
    let json = JSONValue.object(proposal.provenance)
    #expect(json["model"] == "scripted")
    #expect(json["models"] == ["scripted-1"])
    #expect(json["calls"] == ["analysis": 8, "refinement": 2])
    #expect(json["tokens"] == ["prompt": 1_000, "completion": 100])
    #expect(json["settings"]?["seed"] == 7)
    #expect(json["templates"]?["refinement"]?["version"]?.string?.count == 64)
    #expect(json["rollouts"]?.array?.count == 8)
    #expect(json["edits"]?.array?.first?["refinements"] == [1, 2])
    #expect(json["edits"]?.array?.first?["support"] == 8)
  }

  // MARK: The prompts

  @Test func everyStepShowsWhatItNeedsAndFencesWhatOthersWrote() async throws {
    let model = ScriptedEditor { request, _ in
      switch request.purpose {
      case "prescreen": #"{"reason":"","verdict":"inflated"}"#
      case "analysis":
        #"{"findings":[{"criterion":"flow","quote":"","reason":"FOUND","problem":"gameable"}]}"#
      default: self.answer()
      }
    }
    let rubric = try Proposing.rubric()
    let evidence = Proposing.evidence(rubric) { record, number in
      record.rollout.gold = 40 - Double(number)
      record.verdicts["flow"] = Verdict(.value(1), reason: "JUDGED")
    }
    _ = try await Proposing.propose(
      model, on: rubric, evidence: evidence, history: ["tighten `thesis`: HISTORY\nforged"]
    ) { $0.prescreens = true }
    #expect(model.asked("prescreen").count == 8)
    #expect(model.asked("analysis").count == 4)
    for request in model.asked {
      let text = request.messages.map(\.content).joined(separator: "\n")
      #expect(request.messages.map(\.role) == [.system, .user])
      #expect(text.contains("The essay states what it argues for."))
      #expect(text.contains("- `safety`: weight 1, binary, gate: below 1, veto, PINNED"))
      #expect(
        text.contains("    - `length`") || text.contains("  - `length`: weight 1, binary, PINNED"))
      #expect(text.contains("Its reward is "))
      #expect(text.contains("Its trusted score is "))
      #expect(!text.contains("{{") && !text.contains("Optional("), "\(text)")
      // What others wrote lies between the lines of the fence.
      let mark = try #require(text.firstMatch(of: /<<response ([0-9a-f]{16})>>/)).1
      var inside = false
      for line in text.split(separator: "\n") {
        if line.hasPrefix("<<"), line.hasSuffix(" \(mark)>>") {
          inside = !line.hasPrefix("<</")
          continue
        }
        for word in ["JUDGED", "FOUND", "HISTORY", "is a drink"] where line.contains(word) {
          #expect(inside, "\(line)")
        }
      }
    }
    let refinement = try #require(model.asked("refinement").first?.messages.last?.content)
    #expect(refinement.contains("- tighten `thesis`: HISTORY forged"))
    #expect(refinement.contains("flow can be earned without being good: FOUND"))
    #expect(refinement.contains("A new weight is at most 2 times the old one"))
    #expect(refinement.contains(#""op": "tighten", "id": "thesis""#))
    #expect(refinement.contains("at most 6 edits"))
  }

  @Test func longResponsesLoseTheirMiddle() async throws {
    let model = ScriptedEditor.refining([answer()])
    let rubric = try Proposing.rubric()
    let evidence = Proposing.evidence(rubric) { record, _ in
      record.rollout.response = "HEAD " + String(repeating: "ab é ", count: 1_500) + " TAIL"
    }
    _ = try await Proposing.propose(model, on: rubric, evidence: evidence)
    for request in model.asked {
      let text = request.messages.map(\.content).joined()
      #expect(text.contains("HEAD") && text.contains("TAIL"))
      #expect(text.contains("characters left out"))
      #expect(text.unicodeScalars.count < 25_000)
    }
  }

  @Test func requestsCarrySchemaSeedAndBounds() async throws {
    let model = ScriptedEditor.refining([answer()])
    _ = try await Proposing.propose(model, refinements: 2) {
      $0.seed = .max
      $0.temperature = 0.7
      $0.maxTokens.refinement = 99
    }
    for request in model.asked {
      #expect(request.schema != nil && request.temperature == 0.7)
      #expect((0...0x7fff_ffff).contains(request.seed ?? -1))
    }
    #expect(Set(model.asked("refinement").map(\.seed)).count == 2)
    #expect(model.asked("refinement").allSatisfy { $0.maxTokens == 99 })
    // Each refinement has rollouts of its own.
    let shown = model.asked("refinement").map { Set(Proposing.shown($0)) }
    #expect(shown.map(\.count) == [4, 4] && shown[0].isDisjoint(with: shown[1]))
  }

  // MARK: Bad answers

  @Test(arguments: [
    #"{"summary":"x","edits":[]}"#, #"{"edits":[]}"#,
    #"{"summary":"x","edits":[{"op":"no_change","rationale":"All is well."}]}"#,
  ])
  func noEditsAreNoChange(text: String) async throws {
    let proposal = try await Proposing.propose(ScriptedEditor.refining([text]))
    #expect(proposal.edits.isEmpty)
    #expect(proposal.rationale.hasPrefix("No change: the model proposed none"))
  }

  @Test(arguments: [
    "", "I cannot help with that.", "[]", "{}", "<html></html>",
    #"{"schema":"rubric/1","id":"essay","criteria":[{"id":"flow","text":"anything"}]}"#,
    String(repeating: "ha", count: 100_000),
  ])
  func aModelThatNeverKeepsTheFormIsAnError(text: String) async throws {
    let model = ScriptedEditor.refining([text])
    await #expect(throws: ProposerError(.unusable, "")) { try await Proposing.propose(model) }
    // It was told once what was wrong.
    #expect(model.asked("refinement").count == 2)
  }

  @Test func oneAnswerThatIsARubricDoesNotSpoilTheOthers() async throws {
    let rubric = #"{"summary":"x","criteria":[{"id":"flow","text":"anything goes"}]}"#
    let proposal = try await Proposing.propose(
      ScriptedEditor.refining([rubric, answer(tightening("It only lists."))]), refinements: 2)
    #expect(proposal.edits.count == 1)
    #expect(proposal.refused.contains { $0.contains("never a whole rubric") })
  }

  @Test func whatIsStillWrongAfterTheRepairIsRefusedAndTheRestStands() async throws {
    let invented = tightening("x", id: "fluff")
    let pinned = tightening("y", id: "safety")
    let model = ScriptedEditor.refining([answer(invented, tightening("It only lists."), pinned)])
    let rubric = try Proposing.rubric()
    let proposal = try await Proposing.propose(model, on: rubric)
    #expect(proposal.edits.map(\.edit.target) == ["flow"])
    #expect(proposal.refused.count == 2)
    #expect(proposal.refused.allSatisfy { $0.hasPrefix("Refinement 1, edit ") })
    let after = try Proposing.applied(proposal, to: rubric)
    #expect(after.criteria[2] == rubric.criteria[2])
    let requests = model.asked("refinement")
    #expect(requests.count == 2)
    #expect(requests.last?.messages.last?.content.contains("fluff") == true)
  }

  @Test func aRepairIsTaken() async throws {
    let model = ScriptedEditor { request, number in
      if request.purpose == "analysis" { return #"{"findings":[]}"# }
      return number == 0
        ? self.answer(self.tightening("x", id: "fluff"))
        : self.answer(self.tightening("It only lists."))
    }
    let proposal = try await Proposing.propose(model)
    #expect(proposal.edits.count == 1)
    #expect(proposal.refused.isEmpty)
  }

  @Test func twoAnswersInOneAreNotGuessedBetween() async throws {
    let both = answer(tightening("a", id: "x")) + "\nor\n" + answer(tightening("b", id: "y"))
    await #expect(throws: ProposerError(.unusable, "")) {
      try await Proposing.propose(ScriptedEditor.refining([both]))
    }
  }

  // MARK: Merging

  @Test func theSameEditsOfTwoRefinementsAreOne() async throws {
    let model = ScriptedEditor { request, _ in
      if request.purpose == "analysis" { return #"{"findings":[]}"# }
      let isFirst = request.seed == 0
      return self.answer(
        self.tightening(
          isFirst ? "It only lists." : "it only LISTS",
          evidence: Proposing.names(request, isFirst ? 1 : 3)))
    }
    let proposal = try await Proposing.propose(model, refinements: 2)
    #expect(proposal.edits.map(\.support) == [4])
    #expect(proposal.edits.first?.edit.rationale.hasSuffix("(2 of 2 refinements)") == true)
    #expect(model.asked("merging").isEmpty)
  }

  private let near = [
    "Headings replace full sentences in several paragraphs.",
    "Headings replace sentences, paragraphs are single words.",
  ]

  private func nearModel(_ merging: String) -> ScriptedEditor {
    ScriptedEditor { request, _ in
      switch request.purpose {
      case "analysis": #"{"findings":[]}"#
      case "merging": merging
      default:
        self.answer(
          self.tightening(self.near[(request.seed ?? 0) % 2], evidence: Proposing.names(request)))
      }
    }
  }

  @Test func nearWordingsAreAskedAbout() async throws {
    let model = nearModel(#"{"g1":{"reason":"The same.","keep":"b"}}"#)
    let rubric = try Proposing.rubric()
    let proposal = try await Proposing.propose(model, on: rubric, refinements: 2)
    #expect(proposal.edits.map(\.support) == [8])
    let after = try Proposing.applied(proposal, to: rubric)
    #expect(after.criteria[3].criteria[0].lowerWhen.last == near[1])
    let question = try #require(model.asked("merging").first)
    #expect(model.asked("merging").count == 1)
    let words = question.schema?["properties"]?["g1"]?["properties"]?["keep"]?["enum"]
    #expect(words == ["a", "b", "all"])
    #expect(question.messages.last?.content.contains("a) " + near[0]) == true)
  }

  @Test func aMergeThatCannotBeAskedKeepsBoth() async throws {
    for text in ["", #"{"g1":{"reason":"","keep":"z"}}"#, #"{"g2":{}}"#, "null"] {
      let rubric = try Proposing.rubric()
      let proposal = try await Proposing.propose(nearModel(text), on: rubric, refinements: 2)
      let after = try Proposing.applied(proposal, to: rubric)
      #expect(after.criteria[3].criteria[0].lowerWhen.count == 3, "\(text)")
    }
  }

  @Test func theQuestionCanBeLeftOut() async throws {
    let model = nearModel(#"{"g1":{"reason":"The same.","keep":"b"}}"#)
    let proposal = try await Proposing.propose(model, refinements: 2) { $0.merges = false }
    #expect(model.asked("merging").isEmpty)
    #expect(proposal.edits.count == 1)
  }

  // MARK: Order, cost, cancellation

  @Test func theOrderOfAnswersDoesNotMatter() async throws {
    let edits = [
      answer(tightening(near[0]), tightening("It only lists."), summary: "one"),
      answer(tightening(near[1]), tightening("It hedges.", id: "thesis"), summary: "two"),
      answer(
        #"{"op":"reweight","id":"flow","rationale":"It matters.","evidence":[],"weight":1.5}"#),
      answer(
        #"{"op":"reweight","id":"flow","rationale":"It does.","evidence":[],"weight":2}"#,
        tightening("Only lists there are.")),
    ]
    let rubric = try Proposing.rubric()
    var proposals: Set<String> = []
    for round in 0..<6 {
      let model = ScriptedEditor { request, _ in
        // Another order in every round, which no clock decides.
        let turns = (((request.seed ?? 0) + round) * 7) % 11
        for _ in 0..<turns * 20 { await Task.yield() }
        switch request.purpose {
        case "analysis":
          let problem = (request.seed ?? 0) % 2 == 0 ? "inflated" : "unclear"
          return
            #"{"findings":[{"criterion":"flow","quote":"","reason":"r","problem":"\#(problem)"}]}"#
        case "merging": return #"{"g1":{"reason":"","keep":"a"}}"#
        default: return edits[(request.seed ?? 0) % 4]
        }
      }
      let proposal = try await Proposing.propose(model, on: rubric, refinements: 4)
      let text =
        proposal.edits.map { "\($0.support) " + $0.edit.json.jsonText }
        + [proposal.rationale] + proposal.observations + proposal.refused
        + [JSONValue.object(proposal.provenance).jsonText]
      proposals.insert(text.joined(separator: "\n"))
    }
    #expect(proposals.count == 1)
  }
}
