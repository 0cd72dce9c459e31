public import RubricStore

extension Policy {
  /// Reads a policy from the bytes of a file, YAML or JSON.
  ///
  /// - Parameters:
  ///   - bytes: A document of at most ``Limits/textBytes`` bytes.
  ///   - file: The name of the file, for messages.
  /// - Throws: ``SyntaxError`` with all that is wrong, each finding with its place: unknown keys and
  ///   lints, wrong types, numbers out of their range.
  /// - Complexity: O(*n*) in the length of the text.
  public init(parsing bytes: [UInt8], file: String = "") throws(SyntaxError) {
    let (root, syntax) = DocumentReader.read(bytes)
    guard let root else { throw SyntaxError(file: file, findings: syntax) }
    var reader = NodeReader()
    let policy = Policy.read(root, &reader)
    var findings = syntax + reader.findings
    if let policy {
      // What could not be read is at its default now, which is no fault of the author's.
      let refused = Set(findings.compactMap(\.mark?.offset))
      for var finding in policy.findings {
        finding.mark = Self.node(of: finding.path, in: root).start
        if !refused.contains(finding.mark?.offset ?? -1) { findings.append(finding) }
      }
    }
    guard findings.isEmpty, let policy else {
      let ordered = findings.enumerated().sorted {
        ($0.element.mark?.offset ?? 0, $0.offset) < ($1.element.mark?.offset ?? 0, $1.offset)
      }
      throw SyntaxError(
        file: file, findings: Array(ordered.map(\.element).prefix(Limits.findings)))
    }
    self = policy
  }

  /// Returns all that is wrong with a text, in the order of the text; nothing where it is valid.
  ///
  /// - Parameter bytes: The document, YAML or JSON.
  /// - Returns: The findings.
  public static func findings(in bytes: [UInt8]) -> [Finding] {
    do throws(SyntaxError) {
      _ = try Policy(parsing: bytes)
      return []
    } catch {
      return error.findings
    }
  }

  /// The canonical text: the same policy, the same bytes.
  ///
  /// What is at its default is left out.
  public var canonicalText: String { YAMLEmitter.emit(written) }

  /// The policy as JSON, what is at its default left out.
  public var json: JSONValue { written }

  /// The policy as JSON with everything in it, defaults and the level of every lint too.
  public var effectiveJSON: JSONValue {
    var whole = JSONObject([("schema", .string(Policy.schema))])
    for section in Section.all {
      whole[section.key] = .object(JSONObject(section.entries(self).map { ($0.key, $0.value) }))
    }
    return .object(whole)
  }

  /// The JSON Schema (2020-12) of `.rubric/policy.yaml`.
  public static var jsonSchema: JSONValue {
    var schema = JSONObject([
      ("$schema", "https://json-schema.org/draft/2020-12/schema"), ("title", "policy"),
      ("description", "What a meta-update must pass before it is committed."),
    ])
    for member in definition.object?.members ?? [] { schema[member.key] = member.value }
    schema["$defs"] = .object(
      JSONObject([
        (EvidenceRule.recordName, EvidenceRule.definition),
        (BudgetRule.recordName, BudgetRule.definition),
        (TrustRegion.recordName, TrustRegion.definition),
        (SupportRule.recordName, SupportRule.definition),
        (AgreementRule.recordName, AgreementRule.definition),
      ]))
    return .object(schema)
  }

  /// The node that a path leads to; where it is missing, the one that it is missing from.
  private static func node(of path: String, in root: Node) -> Node {
    var node = root
    for key in path.split(separator: ".") {
      guard case .mapping(let entries, _) = node.content,
        let entry = entries.first(where: { $0.name == key })
      else { return node }
      node = entry.value
    }
    return node
  }
}

extension Policy: Record {
  package static let recordName = "policy"
  package init(blank: ()) { self.init() }

  /// The levels as they are written; a computed field, so that names are checked on reading.
  private var lintLevels: LintLevels {
    get { LintLevels(levels: lints) }
    set { lints = newValue.levels }
  }

  package static let fields: [RecordField<Policy>] = [
    .constant("schema", Policy.schema, "The schema that the document keeps."),
    .optional(
      "evidence", \.evidence, default: EvidenceRule(), "What it takes to propose anything."),
    .optional("budget", \.budget, default: BudgetRule(), "How large the rubric may become."),
    .optional("trust_region", \.trustRegion, default: TrustRegion(), "How far one update may go."),
    .optional("support", \.support, default: SupportRule(), "What stands behind an edit."),
    .optional(
      "agreement", \.agreement, default: AgreementRule(),
      "What agreement with trusted scores must do."),
    .optional(
      "lints", \.lintLevels, default: LintLevels(),
      "What is done about decay, by the name of the lint."),
  ]
}

extension Policy.EvidenceRule: Record {
  package static let recordName = "evidence"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<Policy.EvidenceRule>] = [
    .optional(
      "rollouts", \.rollouts, default: 30, "The fewest rollouts graded under the rubric.",
      ["minimum": 1]),
    .optional(
      "confidence", \.confidence, default: 0.95, "How sure intervals are.",
      ["exclusiveMinimum": 0, "exclusiveMaximum": 1]),
  ]
}

extension Policy.BudgetRule: Record {
  package static let recordName = "budget"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<Policy.BudgetRule>] = [
    .optional(
      "criteria", \.criteria, default: nil, "The most criteria that are judged; null for no bound.",
      ["minimum": 1]),
    .optional("depth", \.depth, default: nil, "The deepest nesting.", ["minimum": 1]),
    .optional(
      "characters", \.characters, default: nil, "The most characters that the judge reads.",
      ["minimum": 1]),
    .optional(
      "judge_tokens", \.judgeTokens, default: nil,
      "The most tokens that the judge reads of the rubric for one rollout, over all its calls.",
      ["minimum": 1]),
    .optional("edits", \.edits, default: 12, "The most edits in one update.", ["minimum": 1]),
  ]
}

extension Policy.TrustRegion: Record {
  package static let recordName = "trust_region"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<Policy.TrustRegion>] = [
    .optional(
      "weight_ratio", \.weightRatio, default: 2,
      "The largest ratio of a weight after and before; null for no bound.", ["minimum": 1]),
    .optional(
      "scale_ratio", \.scaleRatio, default: 2,
      "The largest ratio of the width of a scale after and before.", ["minimum": 1]),
    .optional(
      "mean_reward", \.meanReward, default: 0.25,
      "The largest change of the mean reward, as a share of the range of rewards.", ["minimum": 0]),
    .optional(
      "worst_reward", \.worstReward, default: nil,
      "The largest change of one rollout's reward, in the same unit.", ["minimum": 0]),
    .optional(
      "rank_correlation", \.rankCorrelation, default: 0.3,
      "The least rank correlation of the rewards before and after.",
      ["minimum": -1, "maximum": 1]),
  ]
}

extension Policy.SupportRule: Record {
  package static let recordName = "support"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<Policy.SupportRule>] = [
    .optional(
      "rollouts", \.rollouts, default: 3, "The fewest distinct rollouts that back an edit.",
      ["minimum": 0])
  ]
}

extension Policy.AgreementRule: Record {
  package static let recordName = "agreement"
  package init(blank: ()) { self.init() }

  package static let fields: [RecordField<Policy.AgreementRule>] = [
    .optional(
      "holdout", \.holdout, default: 0.3,
      "The share of rollouts with a trusted score that proposers do not see.",
      ["minimum": 0, "exclusiveMaximum": 1]),
    .optional(
      "rollouts", \.rollouts, default: 20,
      "The fewest held-out rollouts for agreement to be compared.", ["minimum": 3]),
    .optional(
      "tolerance", \.tolerance, default: 0.05,
      "How much the rank correlation of reward and trusted score may fall.",
      ["minimum": 0, "maximum": 2]),
  ]
}

extension Policy.LintLevel: NodeWord {}

/// The levels of lints, by name.
private struct LintLevels: NodeCodable {
  var levels: [String: Policy.LintLevel] = [:]

  static func read(_ node: Node, _ reader: inout NodeReader) -> LintLevels? {
    guard case .mapping(let entries, _) = node.content else {
      reader.reportType(node, expected: "a mapping of lints and their levels")
      return nil
    }
    let names = Lint.all.map(\.name)
    var result = LintLevels()
    for entry in entries {
      guard names.contains(entry.name) else {
        reader.report(
          .unknownKey, entry.key, "there is no lint \(NodeReader.quote(entry.name))",
          hint: Suggestion.didYouMean(entry.name, among: names)
            ?? "`rubricctl lint --list` names them")
        continue
      }
      let level = reader.inField(entry.name) { Policy.LintLevel.read(entry.value, &$0) }
      if let level { result.levels[entry.name] = level }
    }
    return result
  }

  /// In the order of the catalogue; names that it does not have come last.
  var written: JSONValue {
    let known = Lint.all.map(\.name)
    let others = levels.keys.filter { !known.contains($0) }.sorted()
    return .object(
      JSONObject((known + others).compactMap { name in levels[name].map { (name, $0.written) } }))
  }

  static var schema: JSONValue {
    [
      "type": "object",
      "properties": .object(
        JSONObject(
          Lint.all.map { lint in
            (
              lint.name,
              [
                "enum": .array(Policy.LintLevel.allCases.map { .string($0.rawValue) }),
                "description": .string(lint.about), "default": .string(lint.standard.rawValue),
              ]
            )
          })), "additionalProperties": false,
    ]
  }
}
