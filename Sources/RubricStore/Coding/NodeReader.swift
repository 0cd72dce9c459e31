/// What reading a document carries along: where it is, and what it found wrong.
package struct NodeReader {
  /// What is wrong, in the order of reading.
  package private(set) var findings: [Finding] = []
  /// A step on the way to where the reading is.
  private enum Step {
    /// The criterion of that name, with which a path starts anew.
    case criterion(String)
    case key(String)
    case item(Int)
  }

  /// The way to where the reading is; a path is only made of it for a finding.
  private var steps: [Step] = []
  /// The nodes of the criteria read, parents before children: the order of validation.
  package private(set) var criterionNodes: [Node] = []
  private var criterionDepth = 0

  package init() {}

  /// Records that something is wrong at `node`, or in general where there is no node.
  package mutating func report(
    _ code: Finding.Code, _ node: Node?, _ message: String, hint: String? = nil
  ) {
    guard findings.count < Limits.findings else { return }
    findings.append(
      Finding(code: code, mark: node?.start, path: path, message: message, hint: hint))
  }

  /// Where the reading is: `flow.scale`.
  package var path: String {
    var path = ""
    for step in steps {
      switch step {
      case .criterion(let name): path = name
      case .key(let key): path += path.isEmpty ? key : ".\(key)"
      case .item(let index): path += "[\(index + 1)]"
      }
    }
    return path
  }

  /// Records that `node` is of another type than `expected`, which is said in words.
  package mutating func reportType(_ node: Node, expected: String, hint: String? = nil) {
    var hint = hint
    if case .scalar(let text, .plain) = node.content, ["", "~", "null"].contains(text) {
      hint = Self.leaveOut
    }
    report(.wrongType, node, "found \(Self.describe(node)), expected \(expected)", hint: hint)
  }

  /// What to do about a key without a value.
  package static let leaveOut = "leave the key out for its default"

  /// Reads inside the field `key`.
  package mutating func inField<T>(_ key: String, _ body: (inout NodeReader) -> T) -> T {
    steps.append(.key(key))
    defer { steps.removeLast() }
    return body(&self)
  }

  /// Reads inside the list item at `index`, counted from 0; a path counts from 1.
  package mutating func inItem<T>(_ index: Int, _ body: (inout NodeReader) -> T) -> T {
    steps.append(.item(index))
    defer { steps.removeLast() }
    return body(&self)
  }

  /// Reads inside a criterion, whose paths start anew with its id.
  ///
  /// - Returns: Nil, reported, where the criterion lies too deep or is one too many.
  package mutating func inCriterion<T>(
    _ name: String?, _ node: Node, _ body: (inout NodeReader) -> T?
  ) -> T? {
    criterionDepth += 1
    defer { criterionDepth -= 1 }
    guard criterionDepth <= Limits.criterionDepth else {
      report(.limit, node, "criteria are nested more than \(Limits.criterionDepth) deep")
      return nil
    }
    guard criterionNodes.count < Limits.criteria else {
      if criterionNodes.count == Limits.criteria {
        criterionNodes.append(node)
        report(.limit, node, "the rubric has more than \(Limits.criteria) criteria and groups")
      }
      return nil
    }
    criterionNodes.append(node)
    guard let name else { return body(&self) }
    steps.append(.criterion(name))
    defer { steps.removeLast() }
    return body(&self)
  }

  /// What `node` holds, for messages, cut where it is long.
  package static func describe(_ node: Node) -> String {
    switch node.content {
    case .scalar(let text, .plain): text.isEmpty ? "nothing" : quote(text)
    case .scalar(let text, _): text.isEmpty ? "an empty text" : "the text \(quote(text))"
    case .sequence(let items, _): items.isEmpty ? "an empty list" : "a list"
    case .mapping: "a mapping"
    }
  }

  /// The text in backquotes, on one line, cut after 40 characters.
  package static func quote(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(40) {
      switch scalar {
      case "\n": shown += "\\n"
      case "\r": shown += "\\r"
      case "\t": shown += "\\t"
      default:
        let isControl = scalar.properties.generalCategory == .control
        shown.unicodeScalars.append(isControl ? "\u{FFFD}" : scalar)
      }
    }
    return "`\(shown)\(text.unicodeScalars.dropFirst(40).isEmpty ? "" : "…")`"
  }
}

extension Node {
  /// The text of a scalar, however it was written.
  var text: String? {
    if case .scalar(let text, _) = content { text } else { nil }
  }
}
