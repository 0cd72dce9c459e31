/// A prompt that models are asked with: its name, what can stand in it, and its built-in text.
///
/// - SeeAlso: SPEC.md §17.2.
public struct TemplateKind: Hashable, Sendable {
  /// A name that a template puts a value in for.
  public struct Placeholder: Hashable, Sendable {
    /// The name, as it stands between the braces.
    public var name: String
    /// Whether a template without it is refused.
    public var isRequired: Bool
    /// What stands there, a line for people.
    public var about: String
    /// What each item holds, where the placeholder is a section over a list or an object.
    public var members: [Placeholder]

    /// Creates a placeholder.
    public init(
      _ name: String, isRequired: Bool = false, _ about: String, members: [Placeholder] = []
    ) {
      self.name = name
      self.isRequired = isRequired
      self.about = about
      self.members = members
    }
  }

  /// The name, which is also that of the file that replaces it.
  public var name: String
  /// What is asked with it, a line for people.
  public var about: String
  /// What can stand in it.
  public var placeholders: [Placeholder]
  /// The text that is used where it is not replaced.
  public var text: String

  /// Creates a kind of template.
  public init(
    _ name: String, _ about: String, placeholders: [Placeholder], text: String
  ) {
    self.name = name
    self.about = about
    self.placeholders = placeholders
    self.text = text
  }

  /// All kinds, in the order in which they are listed.
  public static let all = judging + proposing
}
