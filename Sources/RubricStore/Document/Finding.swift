/// One thing that is wrong with a document, with its place and how to mend it.
public struct Finding: Hashable, Sendable {
  /// What kind of thing is wrong; new codes may be added, so that a `switch` needs a default.
  public struct Code: RawRepresentable, Hashable, Sendable {
    /// The code as it stands in JSON, in snake case.
    public let rawValue: String

    /// Creates a code from its JSON form.
    public init(rawValue: String) { self.rawValue = rawValue }

    init(_ rawValue: String) { self.rawValue = rawValue }

    /// The text is not YAML or JSON.
    public static let syntax = Code("syntax")
    /// The bytes are not UTF-8.
    public static let encoding = Code("encoding")
    /// A control character stands in the text.
    public static let controlCharacter = Code("control_character")
    /// A part of YAML that a rubric may not use: anchor, alias, tag, merge key, several documents.
    public static let refusedSyntax = Code("refused_syntax")
    /// A size, depth or count is over a limit.
    public static let limit = Code("limit")
    /// A key that the document does not know.
    public static let unknownKey = Code("unknown_key")
    /// A key that stands twice in one mapping.
    public static let duplicateKey = Code("duplicate_key")
    /// A key that must be there and is not.
    public static let missingKey = Code("missing_key")
    /// A value of the wrong type.
    public static let wrongType = Code("wrong_type")
    /// A value of the right type that is out of its range, or not one of the words allowed.
    public static let invalidValue = Code("invalid_value")
    /// An id that stands twice in one document.
    public static let duplicateID = Code("duplicate_id")
    /// An item that stands twice in a list of distinct items.
    public static let duplicateItem = Code("duplicate_item")
    /// Fields that are right one by one and wrong together.
    public static let inconsistent = Code("inconsistent")
    /// The document is over its own budget.
    public static let overBudget = Code("over_budget")
    /// The file is what a merge with conflicts left, and nobody has finished it.
    public static let unfinishedMerge = Code("unfinished_merge")
  }

  /// What kind of thing is wrong.
  public var code: Code
  /// Where in the text, if the document was read from one.
  public var mark: SourceMark?
  /// Where in the document: `flow.weight`, `flow.scale.levels`, `aggregation.clip`.
  ///
  /// A criterion is named by its id; the empty string is the whole document.
  public var path: String
  /// What was found and what was expected, in one sentence without a full stop.
  public var message: String
  /// What to do about it, if that is known: "did you mean `weight`?".
  public var hint: String?

  /// Creates a finding.
  public init(
    code: Code, mark: SourceMark? = nil, path: String = "", message: String, hint: String? = nil
  ) {
    self.code = code
    self.mark = mark
    self.path = path
    self.message = message
    self.hint = hint
  }
}

extension Finding: CustomStringConvertible {
  /// The finding on one line: `12:5: flow.wieght: unknown key `wieght` (did you mean `weight`?)`.
  public var description: String {
    var text = ""
    if let mark { text += "\(mark.line):\(mark.column): " }
    if !path.isEmpty { text += "\(path): " }
    text += message
    if let hint { text += " (\(hint))" }
    return text
  }
}

/// The error of a text that is not a valid document: all that is wrong with it.
public struct SyntaxError: Error, Equatable, Sendable {
  /// The name of the file or stream that was read, for people; empty where there is none.
  public var file: String
  /// What is wrong, in the order of the text; at least one.
  public var findings: [Finding]

  /// Creates an error.
  public init(file: String = "", findings: [Finding]) {
    self.file = file
    self.findings = findings
  }
}

extension SyntaxError: CustomStringConvertible {
  /// One line a finding, each with the file's name before it.
  public var description: String {
    let name = file.isEmpty ? "" : "\(file):"
    return findings.map { name + ($0.mark == nil && !name.isEmpty ? " " : "") + $0.description }
      .joined(separator: "\n")
  }
}
