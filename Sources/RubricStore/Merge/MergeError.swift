/// The error of a merge that cannot be made at all, or of a settlement that does not fit.
///
/// Errors are equal when their codes are, so that a test can name the one that it expects.
public struct MergeError: Error, Sendable {
  /// What kind of thing is wrong; new codes may be added, so that a `switch` needs a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code as it stands in JSON, in snake case.
    public let rawValue: String

    /// Creates a code from its JSON form.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// The versions are of different rubrics.
    public static let differentRubrics = Code("different_rubrics")
    /// A version holds an id twice.
    public static let duplicateID = Code("duplicate_id")
    /// A settlement cannot be read.
    public static let invalidSettlement = Code("invalid_settlement")
    /// A settlement's rule is not for that kind of conflict, or its value not for that field.
    public static let unfitSettlement = Code("unfit_settlement")
    /// A settlement names a place where there is nothing to settle.
    public static let nothingToSettle = Code("nothing_to_settle")
  }

  /// What kind of thing is wrong.
  public var code: Code
  /// Where, if that is known.
  public var path: MergePath?
  /// What was found and what was expected, in one sentence without a full stop.
  public var message: String
  /// What to do about it, if that is known.
  public var hint: String?

  /// Creates an error.
  public init(_ code: Code, at path: MergePath? = nil, _ message: String, hint: String? = nil) {
    self.code = code
    self.path = path
    self.message = message
    self.hint = hint
  }
}

extension MergeError: Equatable {
  /// Whether both have the same code.
  public static func == (left: MergeError, right: MergeError) -> Bool { left.code == right.code }
}

extension MergeError: CustomStringConvertible {
  /// One sentence.
  public var description: String { message + (hint.map { " (\($0))" } ?? "") }
}
