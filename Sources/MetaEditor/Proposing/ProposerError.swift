/// The error of a proposer that could not propose anything.
///
/// Errors are equal when their codes are, so that a test can name the one that it expects.
public struct ProposerError: Error, Sendable {
  /// What kind of thing went wrong; new codes may be added, so that a `switch` needs a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code as it stands in JSON, in snake case.
    public let rawValue: String

    /// Creates a code from its JSON form.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// The model could not be reached, or answered with an error to the end.
    public static let unreachable = Code("unreachable")
    /// The time, the calls or the tokens that were allowed are used up.
    public static let exhausted = Code("exhausted")
    /// The model answered, and nothing of it could be used.
    public static let unusable = Code("unusable")
    /// A template, an option or the evidence is not as it must be.
    public static let invalidInput = Code("invalid_input")
  }

  /// What kind of thing went wrong.
  public var code: Code
  /// What was found and what was expected, in one sentence without a full stop.
  public var message: String
  /// What to do about it, if that is known.
  public var hint: String?

  /// Creates an error.
  public init(_ code: Code, _ message: String, hint: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
  }
}

extension ProposerError: Equatable {
  /// Whether both have the same code.
  public static func == (left: ProposerError, right: ProposerError) -> Bool {
    left.code == right.code
  }
}

extension ProposerError: CustomStringConvertible {
  /// One sentence, with the hint in brackets.
  public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
