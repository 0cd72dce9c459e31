import Foundation
import MetaEditor
import ModelEndpoint
import RubricStore
import Synchronization
import Testing

/// A real, small model behind a real server: `Scripts/model-server` starts one and prints its address.
@Suite("A real model proposes", .enabled(if: RealModel.url != nil), .serialized)
struct RealModelTests {
  /// Its words are poor: what counts is that the form holds, and that nothing invalid passes.
  @Test(.timeLimit(.minutes(20))) func itsProposalIsValid() async throws {
    let url = try #require(RealModel.url)
    let calls = Mutex<[JSONValue]>([])
    var limits = ChatClient.Settings()
    limits.concurrency = 2
    let client = ChatClient(
      endpoint: try ChatEndpoint(url: url, model: "gemma-3-270m"), transport: HTTPTransport(),
      settings: limits, transcript: { entry in calls.withLock { $0.append(entry.json) } })
    let rubric = try Proposing.rubric()
    let evidence = Proposing.evidence(rubric) { record, number in
      record.rollout.gold = Double((number * 7) % 40)
      record.rollout.response = "# Tea\n- warm\n- wet\n- old\n" + record.rollout.response
    }
    var settings = ModelProposer.Settings(rollouts: 2, refinements: 2, prescreens: true, edits: 2)
    settings.maxTokens = ModelProposer.StepTokens(
      prescreen: 150, analysis: 400, refinement: 600, merging: 200)
    settings.shownCharacters = 600
    settings.excerptCharacters = 400
    let proposer = try ModelProposer(model: client, engine: MustacheEngine(), settings: settings)
    let proposal: Proposal
    do {
      proposal = try await proposer.propose(try Proposing.request(rubric, evidence))
    } catch let error as ProposerError {
      // A model as small as this may fail to write one list of edits that ends in time.
      #expect(error.code == .unusable, "\(error)")
      return
    }
    let after = try Proposing.applied(proposal, to: rubric)
    #expect(after.criteria[2] == rubric.criteria[2])
    #expect(after.findings.isEmpty)
    #expect(proposal.edits.count <= 4)
    let json = JSONValue.object(proposal.provenance)
    #expect(json["models"]?.array?.isEmpty == false)
    #expect(calls.withLock { $0.count } >= 4 + 2 + 2)
    print("\(proposal.rationale)\n")
    for edit in proposal.edits { print("- \(edit.support): \(edit.edit.json.jsonText)") }
    for text in proposal.observations { print("observed: \(text)") }
    for text in proposal.refused { print("refused: \(text)") }
    print(json.indentedText)
  }
}

private enum RealModel {
  /// Where its server is.
  static var url: String? {
    guard let value = ProcessInfo.processInfo.environment["RUBRIC_MODEL_ENDPOINT"] else {
      return nil
    }
    return value.isEmpty ? nil : value
  }
}
