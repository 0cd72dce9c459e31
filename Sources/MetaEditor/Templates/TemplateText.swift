internal import RubricStore

/// What can be told of a template's text without filling it: its messages and its placeholders.
///
/// Only the part of mustache is taken that gives the same text for the same values everywhere:
/// values, sections, inverted sections, comments and the engine's transforms.
struct TemplateText {
  /// What is wrong with a template, and what to do about it.
  struct Problem: Equatable {
    var message: String
    var hint: String?
  }

  /// One message of the template.
  struct Part: Equatable {
    var role: ChatMessage.Role
    var text: String
    /// The number of its first line, counted from 1.
    var line: Int
  }

  /// The messages, those without any text left out.
  let parts: [Part]

  init(_ text: String) {
    var parts: [Part] = []
    var current = Part(role: .user, text: "", line: 1)
    // By bytes: a carriage return and a line feed are one character to Swift.
    let lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map(
      Substring.init)
    for (index, line) in lines.enumerated() {
      if let role = Self.role(of: line) {
        parts.append(current)
        current = Part(role: role, text: "", line: index + 2)
      } else {
        current.text += line
        current.text += "\n"
      }
    }
    parts.append(current)
    self.parts = parts.filter { !$0.text.trimmedOfBlanks.isEmpty }
  }

  /// The role that a line begins a message of: `{{! system }}`.
  private static func role(of line: Substring) -> ChatMessage.Role? {
    let line = String(line).trimmedOfBlanks
    guard line.hasPrefix("{{!"), line.hasSuffix("}}") else { return nil }
    return ChatMessage.Role(rawValue: String(line.dropFirst(3).dropLast(2)).trimmedOfBlanks)
  }

  /// What is wrong with the text as a template of `kind`; nil where nothing is.
  func problem(for kind: TemplateKind) -> Problem? {
    guard !parts.isEmpty else { return Problem(message: "it is empty") }
    var used: Set<String> = []
    for part in parts {
      var walk = TemplateWalk(part, kind.placeholders)
      if let problem = walk.problem() { return problem }
      used.formUnion(walk.used)
    }
    let missing = kind.placeholders.filter { $0.isRequired && !used.contains($0.name) }
    guard !missing.isEmpty else { return nil }
    return Problem(
      message: "it lacks " + missing.map { "{{\($0.name)}}" }.joined(separator: " and "),
      hint: missing.map { "{{\($0.name)}} is \($0.about)" }.joined(separator: "; "))
  }
}

/// A walk through the tags of one message.
private struct TemplateWalk {
  typealias Problem = TemplateText.Problem
  typealias Placeholder = TemplateKind.Placeholder

  private let text: Substring
  private var line: Int
  private let known: [Placeholder]
  private var sections: [(name: String, line: Int, members: [Placeholder])] = []
  /// The placeholders of the top level that the text names.
  private(set) var used: Set<String> = []

  init(_ part: TemplateText.Part, _ known: [Placeholder]) {
    text = part.text[...]
    line = part.line
    self.known = known
  }

  mutating func problem() -> Problem? {
    var rest = text
    while let open = rest.firstRange(of: "{{") {
      line += rest[..<open.lowerBound].utf8.count { $0 == 0x0A }
      var inner = rest[open.upperBound...]
      let ending = inner.first == "{" ? "}}}" : "}}"
      if ending.count == 3 { inner = inner.dropFirst() }
      guard let close = inner.firstRange(of: ending) else {
        return Problem(message: "line \(line): `{{` is not closed")
      }
      let tag = inner[..<close.lowerBound]
      if let problem = look(at: String(tag).trimmedOfBlanks, isTriple: ending.count == 3) {
        return problem
      }
      line += tag.utf8.count { $0 == 0x0A }
      rest = rest[close.upperBound...]
    }
    guard let open = sections.last else { return nil }
    return Problem(
      message: "line \(open.line): the section {{#\(open.name)}} is not closed in its message",
      hint: "close it with {{/\(open.name)}}")
  }

  private mutating func look(at tag: String, isTriple: Bool) -> Problem? {
    guard let sign = tag.first, !isTriple else { return use(tag).problem }
    let name = String(tag.dropFirst()).trimmedOfBlanks
    switch sign {
    case "!": return nil
    case "#", "^":
      let (found, problem) = use(name)
      if problem == nil { sections.append((name, line, found?.members ?? [])) }
      return problem
    case "/":
      guard let open = sections.popLast() else {
        return Problem(message: "line \(line): {{/\(name)}} closes no section")
      }
      guard open.name != name else { return nil }
      return Problem(
        message: "line \(line): {{/\(name)}} stands where {{/\(open.name)}} is expected")
    case "&": return use(name).problem
    case ">", "<", "$", "=", "%", "*":
      return Problem(
        message: "line \(line): {{\(tag)}} is a part of mustache that templates here do not have",
        hint: "use {{name}}, {{#name}}…{{/name}}, {{^name}}…{{/name}} and {{! comments }}")
    default: return use(tag).problem
    }
  }

  /// Notes that a name is used, and finds what it stands for.
  private mutating func use(_ name: String) -> (found: Placeholder?, problem: Problem?) {
    var name = Substring(name)
    // A transform: `uppercased(title)`, `first()`.
    var isTransformed = false
    while let open = name.firstIndex(of: "("), name.last == ")" {
      name = name[name.index(after: open)...].dropLast()
      isTransformed = true
    }
    if name.isEmpty, isTransformed { return (nil, nil) }
    if name == ".", !sections.isEmpty { return (nil, nil) }
    var found: Placeholder?
    for (index, part) in name.split(separator: ".", omittingEmptySubsequences: false).enumerated() {
      let scopes: [[Placeholder]] =
        index == 0 ? sections.reversed().map(\.members) + [known] : [found?.members ?? []]
      found = scopes.lazy.compactMap { $0.first { $0.name == part } }.first
      guard found != nil else {
        let names = scopes.flatMap { $0.map(\.name) }
        return (
          nil,
          Problem(
            message: "line \(line): {{\(name)}} is no placeholder of this template",
            hint: Suggestion.didYouMean(String(part), among: names)
              ?? "it has " + names.map { "{{\($0)}}" }.joined(separator: ", "))
        )
      }
      if index == 0, known.contains(where: { $0.name == part }) { used.insert(String(part)) }
    }
    return (found, nil)
  }
}
