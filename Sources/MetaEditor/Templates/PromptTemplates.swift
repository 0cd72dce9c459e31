public import RubricStore

/// The templates that models are asked with: those of the package, and what replaces them.
///
/// A template is mustache text. A line that is only `{{! system }}`, `{{! user }}` or
/// `{{! assistant }}` begins a message of that role; what stands before the first such line is the
/// user's. Lines are told apart before anything is filled in, so no value can begin a message.
///
/// - SeeAlso: SPEC.md §17.2.
public struct PromptTemplates: Sendable {
  /// The folder of a repository whose files replace templates: `NAME.mustache`.
  public static let folder = ".rubric/templates"
  /// How the names of such files end.
  public static let fileEnding = ".mustache"

  /// One template of the set.
  public struct Entry: Hashable, Sendable {
    /// What it is for.
    public let kind: TemplateKind
    /// Its text.
    public let text: String
    /// The SHA-256 of its text, 64 hexadecimal digits.
    public let version: String
    /// Where the text comes from, for people; nil for the package's own.
    public let origin: String?

    init(_ kind: TemplateKind, _ text: String, origin: String?) {
      self.kind = kind
      self.text = text
      version = SHA256.hex(text.utf8)
      // The same bytes are the same template, wherever they lie.
      self.origin = text.isVerbatim(kind.text) ? nil : origin
    }

    /// The first twelve digits of the version.
    public var shortVersion: String { String(version.prefix(12)) }
  }

  /// All templates, in the order of ``TemplateKind/all``.
  public private(set) var entries: [Entry]

  /// Creates the set of the package's own templates.
  public init() { entries = TemplateKind.all.map { Entry($0, $0.text, origin: nil) } }

  /// Creates a set in which some templates are replaced.
  ///
  /// - Parameters:
  ///   - overrides: The texts, by the names of the templates.
  ///   - origin: Where they come from, for people.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput``, as
  ///   ``replace(_:with:from:)`` does.
  public init(
    overrides: [String: String], from origin: String = "the caller"
  ) throws(ProposerError) {
    self.init()
    for (name, text) in overrides.sorted(by: { $0.key < $1.key }) {
      try replace(name, with: text, from: origin)
    }
  }

  /// Replaces a template.
  ///
  /// - Parameters:
  ///   - name: The template's name.
  ///   - text: The new text.
  ///   - origin: Where it comes from, for people: a file.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` where there is no
  ///   template of that name, and for a text that lacks a placeholder that it needs, holds one that
  ///   has no value, or is not well formed; nothing is replaced then.
  public mutating func replace(
    _ name: String, with text: String, from origin: String
  ) throws(ProposerError) {
    guard let index = entries.firstIndex(where: { $0.kind.name == name }) else {
      let names = entries.map(\.kind.name)
      throw ProposerError(
        .invalidInput, "there is no template `\(name)` (\(origin))",
        hint: Suggestion.didYouMean(name, among: names)
          ?? "the templates are \(Suggestion.list(names, conjunction: "and"))")
    }
    let kind = entries[index].kind
    if let problem = TemplateText(text).problem(for: kind) {
      throw ProposerError(
        .invalidInput, "the template `\(name)` (\(origin)) cannot be used: \(problem.message)",
        hint: problem.hint)
    }
    entries[index] = Entry(kind, text, origin: origin)
  }

  /// The template of a name; nil where there is none.
  public subscript(name: String) -> Entry? { entries.first { $0.kind.name == name } }

  /// Returns a template, ready to be filled.
  ///
  /// - Parameters:
  ///   - name: The template's name.
  ///   - engine: What fills templates.
  /// - Returns: The template.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` where there is none of
  ///   that name, or the engine cannot read it.
  public func template(
    named name: String, engine: any TemplateEngine
  ) throws(ProposerError) -> MessageTemplate {
    guard let entry = self[name] else {
      throw ProposerError(
        .invalidInput, "there is no template `\(name)`",
        hint: Suggestion.didYouMean(name, among: entries.map(\.kind.name)))
    }
    return try MessageTemplate(entry.text, name: name, engine: engine)
  }

  /// Returns what tells one way of asking from another: twelve hexadecimal digits.
  ///
  /// They are the first of the SHA-256 of a line of JSON: the full versions of the templates by name,
  /// the versions of how rubrics are shown and of how texts are fenced, and the settings.
  ///
  /// - Parameters:
  ///   - names: The templates that are asked with; names that are none are passed over.
  ///   - settings: What else moves the answers.
  /// - Returns: The digits.
  public func stamp(of names: [String], settings: JSONObject = JSONObject()) -> String {
    String(SHA256.hex(stampText(of: names, settings: settings).utf8).prefix(12))
  }

  /// The line that ``stamp(of:settings:)`` is the hash of.
  func stampText(of names: [String], settings: JSONObject) -> String {
    let versions = entries.filter { names.contains($0.kind.name) }
      .map { ($0.kind.name, JSONValue.string($0.version)) }
    let value: JSONValue = [
      "fence": .integer(DataFence.version), "rendering": .integer(Rendering.version),
      "settings": .object(settings), "templates": .object(JSONObject(versions)),
    ]
    return value.canonicallyOrdered.jsonText
  }

  /// The full versions of templates by name, with where replaced ones come from: for provenance.
  ///
  /// - Parameter names: The templates; names that are none are passed over.
  /// - Returns: `{NAME: {version, origin}}`; `origin` is null for the package's own.
  public func provenance(of names: [String]) -> JSONObject {
    JSONObject(
      entries.filter { names.contains($0.kind.name) }.map { entry in
        (
          entry.kind.name,
          [
            "version": .string(entry.version),
            "origin": entry.origin.map { JSONValue.string($0) } ?? .null,
          ]
        )
      })
  }
}
