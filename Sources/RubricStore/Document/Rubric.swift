/// A rubric: what the judge is told, and how verdicts become a reward.
///
/// A value. Two rubrics are equal exactly when their canonical texts are. Nothing derived is kept:
/// no totals, no normalised weights, no dates.
///
/// - SeeAlso: SPEC.md §2.
public struct Rubric: Hashable, Sendable {
  /// The schema that this library reads and writes.
  public static let schema = "rubric/1"

  /// The rubric's name in its repository.
  public var id: RubricID
  /// A title for people; the judge sees it as a heading when it sees the whole rubric.
  @Verbatim public var title: String = ""
  /// What the rubric is for, for people; the judge does not see it.
  @Verbatim public var description: String = ""
  /// What one judgement is about.
  public var subject = Subject()
  /// How the judge is asked.
  public var judge = JudgeContract()
  /// Text that the judge reads, verbatim, before the criteria.
  @Verbatim public var preamble: String = ""
  /// Text that the judge reads, verbatim, after the criteria.
  @Verbatim public var postamble: String = ""
  /// How the top level becomes a reward.
  public var aggregation = Aggregation()
  /// Bounds that edits keep.
  public var budget = Budget()
  /// The criteria and groups of the top level, in the order in which the judge reads them.
  public var criteria: [Criterion] = []
  /// What an importer must keep to export without loss.
  public var ext = Extensions()

  /// Creates a rubric with every other field at its default.
  public init(id: RubricID, title: String = "", criteria: [Criterion] = []) {
    self.id = id
    self.title = title
    self.criteria = criteria
  }
}

/// What one judgement is about.
public struct Subject: Hashable, Sendable {
  /// How wide a rubric reaches.
  public enum Granularity: String, CaseIterable, Hashable, Sendable {
    /// Every rollout of the task.
    case global
    /// The rollouts of one cluster of prompts.
    case cluster
    /// The rollouts of one prompt.
    case instance
  }

  /// How wide the rubric reaches.
  public var granularity: Granularity
  /// Which cluster or prompt; nil for a global rubric.
  @Verbatim public var key: String?

  /// Creates a subject.
  public init(granularity: Granularity = .global, key: String? = nil) {
    self.granularity = granularity
    self.key = key
  }
}

/// How the judge is asked.
///
/// A change of it makes scores incomparable.
public struct JudgeContract: Hashable, Sendable {
  /// What one call of the judge covers.
  public enum Mode: String, CaseIterable, Hashable, Sendable {
    /// One call a criterion; the judge sees that criterion alone, between preamble and postamble.
    case perCriterion = "per_criterion"
    /// One call for all criteria, which the judge sees in order.
    case oneCall = "one_call"
    /// One call for one overall verdict in 0...1; the judge weighs the criteria itself.
    case holistic
    /// The judge first writes a plan of how to grade, then grades all criteria by it.
    case planExecute = "plan_execute"
  }

  /// In what form the judge answers.
  public enum Output: String, CaseIterable, Hashable, Sendable {
    /// A reason first, then the verdict.
    case reasoned
    /// The verdict alone.
    case value
  }

  /// What one call of the judge covers.
  public var mode: Mode
  /// The name or hash of the prompt template around the rendered rubric; empty for none.
  @Verbatim public var template: String
  /// The judge model that the rubric was written for; empty for any.
  @Verbatim public var model: String
  /// In what form the judge answers.
  public var output: Output

  /// Creates a contract.
  public init(
    mode: Mode = .perCriterion, template: String = "", model: String = "",
    output: Output = .reasoned
  ) {
    self.mode = mode
    self.template = template
    self.model = model
    self.output = output
  }

  /// Whether one call shows the judge all criteria, so that a change of one may move the others.
  public var showsWholeRubric: Bool { mode != .perCriterion }
}

/// Bounds that edits keep; nil where there is none.
public struct Budget: Hashable, Sendable {
  /// The most criteria that are judged (leaves that are not inactive), 1 or more.
  public var criteria: Int?
  /// The deepest nesting, 1 or more; a top-level criterion is at depth 1.
  public var depth: Int?
  /// The most Unicode scalars that the judge reads of the rubric, 1 or more.
  public var characters: Int?

  /// Creates a budget.
  public init(criteria: Int? = nil, depth: Int? = nil, characters: Int? = nil) {
    self.criteria = criteria
    self.depth = depth
    self.characters = characters
  }
}

/// What the document keeps for others and does not read: any JSON, keys in canonical order.
public struct Extensions: Hashable, Sendable {
  /// The members, ordered by the UTF-8 bytes of their keys, at every depth.
  public let members: JSONObject

  /// Creates extensions; the order of keys does not matter.
  public init(_ members: JSONObject = JSONObject()) {
    self.members = JSONValue.object(members).canonicallyOrdered.object ?? JSONObject()
  }

  /// The value of `key` at the top level.
  public subscript(key: String) -> JSONValue? { members[key] }
}
