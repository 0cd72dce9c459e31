public import RubricStore

/// A kind of decay that is looked for in rubrics.
///
/// - SeeAlso: SPEC.md §15.4.
public struct Lint: Hashable, Sendable {
  /// The name, as it stands in policies.
  public let name: String
  /// What it finds, in a line.
  public let about: String
  /// What is done about its findings where the policy says nothing.
  public let standard: Policy.LintLevel

  init(_ name: String, _ standard: Policy.LintLevel, _ about: String) {
    self.name = name
    self.about = about
    self.standard = standard
  }

  /// Whether both have the same name.
  public static func == (left: Lint, right: Lint) -> Bool { left.name == right.name }
  /// Feeds the name to `hasher`.
  public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension Lint {
  /// Levels whose words or places contradict their values.
  public static let levelsOutOfOrder = Lint(
    "levels_out_of_order", .refuse, "Levels whose words, labels or places contradict their values.")
  /// Levels that say the same.
  public static let sameLevels = Lint(
    "same_levels", .refuse, "Two levels of a scale with the same text or the same example.")
  /// Details of one sample in a global rubric.
  public static let frozenSample = Lint(
    "frozen_sample", .refuse, "A name or a passage of one rollout in a rubric that is for all.")
  /// A label that every level names.
  public static let leakedLabel = Lint(
    "leaked_label", .refuse, "A tag, quotation or label that stands in every level.")
  /// References to what the judge does not see.
  public static let unseenReference = Lint(
    "unseen_reference", .refuse, "A reference to something that the judge is not shown.")
  /// Sentences that stand twice.
  public static let duplicatedSentence = Lint(
    "duplicated_sentence", .refuse, "A sentence that stands twice, or in every level.")
  /// Siblings that ask for the same.
  public static let nearDuplicate = Lint(
    "near_duplicate", .refuse, "Two criteria side by side that ask for nearly the same.")
  /// Numbers in words that are not the scale's.
  public static let scaleMismatch = Lint(
    "scale_mismatch", .refuse, "A title or text that names another scale than the criterion has.")
  /// Totals that do not add up.
  public static let wrongTotal = Lint(
    "wrong_total", .refuse,
    "Words around the criteria that name a total that they do not add up to.")
  /// Criteria and levels without words.
  public static let missingText = Lint(
    "missing_text", .warn, "A criterion, or a level among described ones, without words.")
  /// Texts that hold no word.
  public static let placeholder = Lint(
    "placeholder", .refuse, "A text, a level or a reason of marks and numbers only, such as `…`.")
  /// Reasons that say the same.
  public static let repeatedReason = Lint(
    "repeated_reason", .warn, "Two reasons to score lower that say nearly the same.")
  /// Criteria that count for nothing.
  public static let zeroWeight = Lint(
    "zero_weight", .warn, "An active criterion of weight 0 without a gate: judged for nothing.")

  /// All lints, in the order in which they are listed.
  public static let all: [Lint] = [
    levelsOutOfOrder, sameLevels, frozenSample, leakedLabel, unseenReference, duplicatedSentence,
    nearDuplicate, scaleMismatch, wrongTotal, missingText, placeholder,
    repeatedReason, zeroWeight,
  ]
}

/// Decay that a lint found.
public struct LintFinding: Hashable, Sendable {
  /// The lint.
  public var lint: Lint
  /// The criterion; nil where it is in a text of the rubric.
  public var criterion: CriterionID?
  /// The field, as it is called in the document: `scale.levels[2].text`, counted from 1.
  public var field: String
  /// What was found, in a sentence without a full stop.
  public var message: String
  /// What to do about it.
  public var hint: String?
  /// The words that it is about, as they stand there, cut where they are long.
  @Verbatim public var excerpt: String
  /// Names of rollouts that have them, where evidence showed it.
  public var rollouts: [String]

  init(
    _ lint: Lint, _ criterion: CriterionID?, _ field: String, _ message: String,
    excerpt: String = "", hint: String? = nil, rollouts: [String] = []
  ) {
    self.lint = lint
    self.criterion = criterion
    self.field = field
    self.message = message
    self.hint = hint
    self.excerpt = excerpt
    self.rollouts = rollouts
  }

  /// Where in the document: `flow.scale.levels[2].text`.
  public var path: String {
    guard let criterion else { return field }
    return field.isEmpty ? criterion.rawValue : "\(criterion).\(field)"
  }

  /// The finding in a sentence, with its place and the name of the lint.
  public var sentence: String { "`\(path)`: \(message) [\(lint.name)]" }

  /// What makes a finding the same in two versions of a rubric, wherever it moved.
  struct Key: Hashable {
    var lint: Lint
    var criterion: CriterionID?
    var field: String
    var excerpt: String
  }

  var key: Key {
    let field = field.filter { !$0.isNumber }
    return Key(lint: lint, criterion: criterion, field: field, excerpt: excerpt.lowercased())
  }
}

extension LintFinding {
  /// The finding as JSON: `{lint, criterion, path, message, hint, excerpt, rollouts}`.
  public var json: JSONValue {
    .object(
      JSONObject([
        ("lint", .string(lint.name)),
        ("criterion", criterion.map { .string($0.rawValue) } ?? .null), ("path", .string(path)),
        ("message", .string(message)), ("hint", hint.map { .string($0) } ?? .null),
        ("excerpt", .string(excerpt)), ("rollouts", .array(rollouts.map { .string($0) })),
      ]))
  }
}
