import MetaEditor
import RubricStore
import Testing

@Suite struct PolicyTests {
  private func lines(_ yaml: String) -> [String] {
    Policy.findings(in: Array(yaml.utf8)).map(\.description)
  }

  private static let start = "schema: rubric-policy/1\n"

  @Test func leavesDefaultsOut() throws {
    let policy = try Policy(parsing: Array(Self.start.utf8))
    #expect(policy == Policy())
    #expect(policy.canonicalText == Self.start)
    var other = Policy()
    other.trustRegion.weightRatio = nil
    other.trustRegion.meanReward = 0.1
    other.budget.criteria = 9
    other.lints = ["zero_weight": .off, "same_levels": .warn]
    #expect(
      other.canonicalText == """
        schema: rubric-policy/1
        budget:
          criteria: 9
        trust_region:
          weight_ratio: null
          mean_reward: 0.1
        lints:
          same_levels: warn
          zero_weight: 'off'

        """)
    #expect(try Policy(parsing: Array(other.canonicalText.utf8)) == other)
    #expect(try Policy(parsing: Array(other.json.jsonText.utf8)) == other)
  }

  /// Every text that is offered for editing is a policy, the same one.
  @Test func textsAreRead() throws {
    var other = Policy()
    other.agreement.tolerance = 0.25
    other.trustRegion.worstReward = 1
    other.lints["zero_weight"] = .off
    for policy in [Policy(), other] {
      for text in [policy.commentedText, policy.effectiveText, policy.effectiveJSON.jsonText] {
        var read = try Policy(parsing: Array(text.utf8))
        #expect(Lint.all.allSatisfy { read.level(of: $0) == policy.level(of: $0) })
        read.lints = policy.lints
        #expect(read == policy)
        #expect(read.findings.isEmpty)
      }
    }
    #expect(other.effectiveText.contains("tolerance: 0.25\n"))
    #expect(other.effectiveText.contains("holdout: 0.3  # default\n"))
  }

  @Test func unknownAndTwice() {
    #expect(
      lines(Self.start + "trust_region:\n  weights_ratio: 2\n") == [
        "3:3: trust_region: unknown key `weights_ratio` in a trust_region (did you mean `weight_ratio`?)"
      ])
    #expect(
      lines(Self.start + "trustregion: {}\n") == [
        "2:1: unknown key `trustregion` in a policy (did you mean `trust_region`?)"
      ])
    #expect(
      lines(Self.start + "lints:\n  leakedlabel: off\n  zero_weight: of\n") == [
        "3:3: lints: there is no lint `leakedlabel` (did you mean `leaked_label`?)",
        "4:16: lints.zero_weight: found `of`, expected `refuse`, `warn` or `off` (did you mean `off`?)",
      ])
    let twice = lines(Self.start + "support: {rollouts: 1, rollouts: 2}\nsupport: {}\n")
    #expect(
      twice.count == 2 && twice.allSatisfy { $0.contains("stands twice") || $0.contains("twice") })
  }

  @Test func wrongTypes() {
    #expect(
      lines(Self.start + "evidence: 30\nbudget: {criteria: many, edits: 1.5}\nlints: [a]\n") == [
        "2:11: evidence: found `30`, expected a mapping with the keys of an evidence",
        "3:20: budget.criteria: found `many`, expected a number",
        "3:33: budget.edits: found `1.5`, expected a whole number",
        "4:8: lints: found a list, expected a mapping of lints and their levels",
      ])
    #expect(lines(Self.start + "support: {rollouts: \"3\"}\n")[0].contains("remove the quotes"))
    #expect(
      lines(Self.start + "trust_region: {mean_reward: .inf}\n")[0].contains("a finite number"))
    #expect(lines(Self.start + "support: {rollouts: null}\n").count == 1)
  }

  @Test func ranges() {
    let wrong = [
      ("evidence: {rollouts: 0}", "2:22: evidence.rollouts: found 0, expected 1 or more"),
      (
        "evidence: {confidence: 1}",
        "2:24: evidence.confidence: found 1, expected more than 0 and less than 1"
      ), ("budget: {depth: 0}", "2:17: budget.depth: found 0, expected 1 or more"),
      ("budget: {edits: -3}", "2:17: budget.edits: found -3, expected 1 or more"),
      (
        "trust_region: {weight_ratio: 0.5}",
        "2:30: trust_region.weight_ratio: found 0.5, expected 1 or more"
      ),
      (
        "trust_region: {rank_correlation: 1.5}",
        "2:34: trust_region.rank_correlation: found 1.5, expected a number from -1 to 1"
      ), ("support: {rollouts: -1}", "2:21: support.rollouts: found -1, expected 0 or more"),
      (
        "agreement: {holdout: 1}",
        "2:22: agreement.holdout: found 1, expected 0 or more and less than 1"
      ),
      (
        "agreement: {rollouts: 2}",
        "2:23: agreement.rollouts: found 2, expected 3 or more (ranks of fewer say nothing)"
      ),
      (
        "agreement: {tolerance: -0.1}",
        "2:24: agreement.tolerance: found -0.1, expected a number from 0 to 2"
      ),
    ]
    for (line, message) in wrong { #expect(lines(Self.start + line + "\n") == [message]) }
    let fine = [
      "evidence: {rollouts: 1, confidence: 0.999}", "budget: {edits: null, depth: 1}",
      "trust_region: {weight_ratio: 1, mean_reward: 0, rank_correlation: -1}",
      "support: {rollouts: 0}", "agreement: {holdout: 0, rollouts: 3, tolerance: 2}", "lints: {}",
    ]
    for line in fine { #expect(lines(Self.start + line + "\n") == [], "\(line)") }
    var policy = Policy()
    policy.trustRegion.meanReward = .nan
    policy.agreement.tolerance = .infinity
    policy.evidence.confidence = .nan
    policy.lints["nolint"] = .warn
    #expect(
      policy.findings.map(\.path) == [
        "evidence.confidence", "trust_region.mean_reward", "agreement.tolerance", "lints.nolint",
      ])
  }

  @Test func whatIsNoPolicy() {
    #expect(lines("") == ["1:1: the file holds no document"])
    #expect(lines("# only words\n").count == 1)
    #expect(lines("{}") == ["1:1: the policy has no `schema` (add `schema: …`)"])
    #expect(lines("- a\n") == ["1:1: found a list, expected a mapping with the keys of a policy"])
    #expect(lines("schema: rubric/1\n").first?.contains("expected `rubric-policy/1`") == true)
    #expect(!lines("schema: [\n").isEmpty)
    #expect(!lines("schema: rubric-policy/1\n\tevidence: {}\n").isEmpty)
    #expect(!lines("schema: &a rubric-policy/1\nlints: *a\n").isEmpty)
    #expect(!Policy.findings(in: [0xFF, 0xFE, 0x00]).isEmpty)
  }

  @Test func allThatIsWrongIsToldInOrder() {
    let found = lines(
      "evidence: {rollouts: 0}\nnonsense: 1\nsupport: {rollouts: x}\nschema: rubric-policy/2\n")
    #expect(found.map { $0.prefix(2) } == ["1:", "2:", "3:", "4:"])
  }

  @Test func publishesASchema() throws {
    let schema = Policy.jsonSchema
    let definitions = try #require(schema["$defs"]?.object)
    // Whatever is referred to is there.
    for reference in schema.jsonText.split(separator: "#/$defs/").dropFirst() {
      let name = String(reference.prefix { $0 != "\"" })
      #expect(definitions[name] != nil, "\(name)")
    }
    #expect(schema["properties"]?["lints"]?["properties"]?["leaked_label"] != nil)
    #expect(schema["required"] == ["schema"])
  }
}
