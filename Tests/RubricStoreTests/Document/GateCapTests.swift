import RubricStore
import Testing

/// A cap that no reward reaches guards nothing, and looks as if it did.
@Suite struct GateCapTests {
  private static func rubric(_ method: Aggregation.Method, cap: Double) -> Rubric {
    var flow = Criterion(id: "flow", text: "Do the ideas follow?")
    flow.gate = Gate(min: 1, effect: .cap, cap: cap)
    var rubric = Rubric(id: "essay", criteria: [flow])
    rubric.aggregation = Aggregation(method: method, clip: nil)
    return rubric
  }

  @Test(arguments: [Aggregation.Method.weightedMean, .pointsOverPositive])
  func aCapAboveEveryRewardIsRefused(_ method: Aggregation.Method) {
    #expect(Self.rubric(method, cap: 0.4).findings.isEmpty)
    let findings = Self.rubric(method, cap: 6).findings
    #expect(findings.map(\.code) == [.inconsistent])
    #expect(findings.first?.path == "flow.gate.cap")
  }

  @Test func aSumHasNoSuchBound() {
    #expect(Self.rubric(.sum, cap: 6).findings.isEmpty)
    var group = Criterion(id: "group")
    group.rollup = .sum
    group.criteria = Self.rubric(.sum, cap: 6).criteria
    var rubric = Self.rubric(.weightedMean, cap: 6)
    rubric.criteria = [group]
    #expect(rubric.findings.isEmpty)
  }

  /// Another formula does not silently take a gate's teeth away.
  @Test func changingTheFormulaIsRefused() throws {
    let rubric = Self.rubric(.sum, cap: 6)
    var after = rubric.aggregation
    after.method = .weightedMean
    let edit = Edit(.setAggregation(Delta(before: rubric.aggregation, after: after)))
    let error = #expect(throws: EditError.self) { try rubric.applying([edit]) }
    #expect(error?.code == .invalidResult)
  }
}
