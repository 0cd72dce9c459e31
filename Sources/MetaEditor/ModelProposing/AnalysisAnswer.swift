internal import RubricStore

/// What a model said of one rollout's grade in a prescreen.
enum PrescreenVerdict: String, CaseIterable {
  // In the order in which rollouts are kept: a reward that is too good teaches a policy to cheat.
  case inflated, deflated, unsure, fair

  static let schema = RefinementSchema.object([
    ("reason", RefinementSchema.text(300, isRequired: false)),
    ("verdict", RefinementSchema.words(allCases.map(\.rawValue))),
  ])
}

/// What a model found in one rollout.
struct AnalysisAnswer: Sendable {
  /// What may be wrong.
  enum Problem: String, CaseIterable, Sendable {
    case inflated, deflated, unclear, missing, redundant, gameable, fine

    /// The problem in words, behind the name of a criterion and before a number of rollouts.
    var text: String {
      switch self {
      case .inflated: "is graded too well"
      case .deflated: "is graded too badly"
      case .unclear: "is unclear"
      case .missing: "lacks something that matters"
      case .redundant: "asks for what another asks for"
      case .gameable: "can be earned without being good"
      case .fine: "works"
      }
    }
  }

  /// One finding.
  struct Finding: Sendable {
    /// The criterion; nil for the rubric as a whole.
    var criterion: CriterionID?
    var problem: Problem
    /// A part of the response, empty where there is none.
    var quote: String
    /// Why, on one line.
    var reason: String

    /// The finding on one line.
    var line: String {
      let subject = criterion?.rawValue ?? "the rubric"
      return "\(subject) \(problem.text): \(reason)" + (quote.isEmpty ? "" : " (“\(quote)”)")
    }
  }

  var findings: [Finding] = []
  /// How many quotes stand neither in the response nor in the prompt; they are left out.
  var inventedQuotes = 0
  /// How many findings did not keep the form.
  var dropped = 0

  /// Reads an answer; findings that do not keep the form are dropped.
  init(_ answer: JSONValue, form: AnalysisForm, of record: GradedRollout) {
    let words = SeriesWords.words(record.rollout.response + "\n" + record.rollout.prompt)
    let text = " " + words.joined(separator: " ") + " "
    for item in (answer["findings"]?.array ?? []).prefix(AnalysisForm.findings) {
      guard SchemaCheck.problems(of: item, against: form.finding).isEmpty,
        let problem = item["problem"]?.string.flatMap(Problem.init(rawValue:)),
        let subject = item["criterion"]?.string
      else {
        dropped += 1
        continue
      }
      var quote = Excerpt.line(item["quote"]?.string ?? "", limit: AnalysisForm.quote)
      let quoted = SeriesWords.words(quote)
      if !quoted.isEmpty, !text.contains(" " + quoted.joined(separator: " ") + " ") {
        inventedQuotes += 1
        quote = ""
      }
      findings.append(
        Finding(
          criterion: subject == form.whole ? nil : CriterionID(rawValue: subject),
          problem: problem, quote: quote,
          reason: Excerpt.line(item["reason"]?.string ?? "", limit: AnalysisForm.reason)))
    }
  }
}

/// The form of an analysis of one rollout: findings whose `criterion` is one of the rubric's own ids.
struct AnalysisForm: Sendable {
  static let findings = 6
  static let quote = 200
  static let reason = 300

  /// The word for the rubric as a whole.
  let whole: String
  /// The schema of one finding.
  let finding: JSONValue

  init(_ rubric: Rubric) {
    let ids = rubric.judgedCriteria.map(\.id.rawValue)
    // No id has brackets.
    whole = ids.contains("rubric") ? "(rubric)" : "rubric"
    finding = RefinementSchema.object([
      ("criterion", RefinementSchema.words(ids + [whole])),
      ("quote", RefinementSchema.text(Self.quote, isRequired: false)),
      ("reason", RefinementSchema.text(Self.reason, isRequired: false)),
      ("problem", RefinementSchema.words(AnalysisAnswer.Problem.allCases.map(\.rawValue))),
    ])
  }

  var schema: JSONValue {
    RefinementSchema.object([("findings", RefinementSchema.list(finding, to: Self.findings))])
  }
}
