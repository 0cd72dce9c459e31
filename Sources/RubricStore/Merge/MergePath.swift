/// A place in a rubric, by ids and not by positions: `essay/flow.weight`.
///
/// - SeeAlso: SPEC.md §12.2.
public struct MergePath: Hashable, Sendable {
  /// The rubric.
  public var rubric: RubricID
  /// The criterion; nil for the rubric itself.
  public var criterion: CriterionID?
  /// The field as it is called in the document, with what lies in it: `weight`, `judge.model`,
  /// `scale.3.text` (the level of value 3), `parent`, `criteria` (the order of what is in a group).
  ///
  /// Nil for the criterion, or the rubric, as a whole.
  @Verbatim public var field: String?

  /// Creates a path.
  public init(_ rubric: RubricID, _ criterion: CriterionID? = nil, _ field: String? = nil) {
    self.rubric = rubric
    self.criterion = criterion
    self.field = field
  }

  /// The path without its rubric: `flow.weight`, `title`.
  var short: String {
    switch (criterion, field) {
    case (let id?, let field?): "\(id).\(field)"
    case (let id?, nil): id.rawValue
    case (nil, let field?): field
    case (nil, nil): ""
    }
  }

  /// The field that an edit of this place touches; nil for a whole criterion or rubric.
  var fieldName: FieldName? {
    guard let field else { return nil }
    let key = String(field.prefix { $0 != "." })
    return key == "parent" ? .place : FieldName(rawValue: key)
  }
}

extension MergePath: CustomStringConvertible {
  /// The path as a command line takes it.
  public var description: String {
    guard let criterion else { return field.map { "\(rubric).\($0)" } ?? rubric.rawValue }
    return "\(rubric)/\(criterion)" + (field.map { ".\($0)" } ?? "")
  }
}

extension MergePath: Comparable {
  /// The rubric's own fields first, then criteria by id.
  public static func < (left: MergePath, right: MergePath) -> Bool {
    func key(_ path: MergePath) -> [String] {
      [path.rubric.rawValue, path.criterion?.rawValue ?? "", path.field ?? ""]
    }
    for (left, right) in zip(key(left), key(right)) where !left.isVerbatim(right) {
      return left.utf8.lexicographicallyPrecedes(right.utf8)
    }
    return false
  }
}
