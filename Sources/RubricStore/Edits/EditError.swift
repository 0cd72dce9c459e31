/// The error of edits that cannot be made on a rubric.
///
/// Errors are equal when their codes are, so that a test can name the one that it expects.
public struct EditError: Error, Sendable {
  /// What kind of thing is wrong; new codes may be added, so that a `switch` needs a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code as it stands in JSON, in snake case.
    public let rawValue: String

    /// Creates a code from its JSON form.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// The edit names a criterion that the rubric does not have.
    public static let unknownCriterion = Code("unknown_criterion")
    /// The edit adds an id that the rubric has already.
    public static let duplicateID = Code("duplicate_id")
    /// The rubric is not what the edit found when it was made.
    public static let beforeMismatch = Code("before_mismatch")
    /// The edit names a level or an example that the criterion does not have, or has already.
    public static let unknownItem = Code("unknown_item")
    /// The edit does not keep to its kind: a tightening that lowers a gate, a move into itself.
    public static let invalidEdit = Code("invalid_edit")
    /// The edit touches a pinned criterion, and its author may not.
    public static let pinned = Code("pinned")
    /// The rubric after the edits is not valid.
    public static let invalidResult = Code("invalid_result")
    /// The two rubrics have different ids, so that no edits lead from one to the other.
    public static let differentRubrics = Code("different_rubrics")
  }

  /// What kind of thing is wrong.
  public var code: Code
  /// Which edit, counted from 0; nil where it is none in particular.
  public var index: Int?
  /// What the edit does.
  public var operation: Edit.Operation?
  /// The criterion that it is about, where there is one.
  public var criterion: CriterionID?
  /// The field, as it is called in the document.
  public var field: String?
  /// What was found and what was expected, in one sentence without a full stop.
  public var message: String
  /// What to do about it, if that is known.
  public var hint: String?
  /// What is wrong with the result, for ``Code/invalidResult``.
  public var findings: [Finding]

  /// Creates an error.
  public init(
    _ code: Code, operation: Edit.Operation? = nil, criterion: CriterionID? = nil,
    field: String? = nil, message: String, hint: String? = nil, findings: [Finding] = []
  ) {
    self.code = code
    self.operation = operation
    self.criterion = criterion
    self.field = field
    self.message = message
    self.hint = hint
    self.findings = findings
  }
}

extension EditError: Equatable {
  /// Whether both have the same code.
  public static func == (left: EditError, right: EditError) -> Bool { left.code == right.code }
}

extension EditError: CustomStringConvertible {
  /// One sentence, and a line for each finding.
  public var description: String {
    var text = ""
    if let operation {
      let number = index.map { "edit \($0 + 1), " } ?? ""
      let target = criterion.map { " of `\($0)`" } ?? ""
      text += "\(number)\(operation.rawValue)\(target): "
    }
    text += message
    if let hint { text += " (\(hint))" }
    for finding in findings { text += "\n  \(finding)" }
    return text
  }
}
