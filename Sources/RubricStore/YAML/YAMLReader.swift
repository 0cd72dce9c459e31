/// Reads YAML into a tree of nodes with their places.
///
/// A rubric uses the part of YAML that every reader understands in one way: one document, without
/// anchors, aliases, tags, merge keys or directives. The rest is reported, and reading goes on.
package enum YAMLReader {
  /// Reads one document.
  ///
  /// - Parameter text: The bytes, at most ``Limits/textBytes``, UTF-8 with or without a byte order
  ///   mark.
  /// - Returns: The root, and what is wrong with the text in its order. The root is nil where the
  ///   text could not be read to its end; it is only to be trusted where there is no finding.
  /// - Complexity: O(*n*) in the number of bytes.
  package static func read(_ text: [UInt8]) -> (root: Node?, findings: [Finding]) {
    if let root = CanonicalReader.read(text) { return (root, []) }
    return readAny(text)
  }

  /// The root of a text in the canonical form; nil for any other.
  package static func readCanonical(_ text: [UInt8]) -> Node? { CanonicalReader.read(text) }

  /// Reads one document with libyaml, whatever its form.
  package static func readAny(_ text: [UInt8]) -> (root: Node?, findings: [Finding]) {
    let check = TextCheck(text, breaks: .yaml)
    guard !check.isHopeless else { return (nil, check.findings) }
    var reading = YAMLReading(check)
    reading.run()
    return (reading.root, reading.sortedFindings)
  }
}

/// The state of reading one text.
struct YAMLReading {
  private(set) var root: Node?
  private var findings: [Finding]
  private var bytes: [UInt8]
  private let start: Int
  private var lines: LineTable
  private var stack: [OpenCollection] = []
  private var nodeCount = 0
  /// Whether the text is damaged already, so that what libyaml says of it may be an echo of that.
  private let isMended: Bool

  init(_ check: TextCheck) {
    findings = check.findings
    bytes = check.text
    start = check.start
    lines = check.lines
    isMended = !check.findings.isEmpty
  }

  /// The findings in the order of the text.
  var sortedFindings: [Finding] {
    let sorted = findings.enumerated().sorted {
      ($0.element.mark?.offset ?? 0, $0.offset) < ($1.element.mark?.offset ?? 0, $1.offset)
    }
    return sorted.prefix(Limits.findings).map(\.element)
  }

  mutating func run() {
    refuseDirectives()
    guard start < bytes.count else {
      report(.refusedSyntax, lines.mark(at: start), "the file holds no document")
      return
    }
    let text = bytes
    text.withUnsafeBufferPointer { buffer in
      guard var parser = YAMLParser(UnsafeBufferPointer(rebasing: buffer[start...])) else {
        report(.limit, lines.mark(at: start), "there is not enough memory to read the text")
        return
      }
      while let event = parser.next() {
        guard handle(event) else { return }
      }
      root = nil
      if !isMended { findings.append(parser.problem.finding(&lines, bytes)) }
    }
  }

  /// Takes one event; false where reading ends.
  private mutating func handle(_ event: YAMLEvent) -> Bool {
    let start = lines.mark(line: event.start.line, column: event.start.column)
    let end = lines.mark(line: event.end.line, column: event.end.column)
    switch event.kind {
    case .streamStart, .documentStart: return true
    case .streamEnd:
      report(.refusedSyntax, start, "the file holds no document")
      return false
    case .documentEnd:
      refuseMore(after: end.offset)
      return false
    case .collectionEnd:
      guard let collection = stack.popLast() else { return false }
      return attach(collection.node(flowEnd: end))
    case .alias:
      report(
        .refusedSyntax, start, "an alias stands here; anchors and aliases are not part of a rubric",
        hint: "write the value out")
      return attach(Node(content: .scalar("", .plain), start: start, end: end))
    case .scalar(let text, let style):
      refuseProperties(event, start, end)
      if style == .doubleQuoted, let value = TextCheck.firstRefused(in: text) {
        findings.append(TextCheck.controlFinding(value, start))
      }
      let isBlock = style == .literal || style == .folded
      let end = isBlock ? blockScalarEnd(from: start, to: end) : end
      return attach(Node(content: .scalar(text, style), start: start, end: end))
    case .sequenceStart(let isFlow):
      refuseProperties(event, start, end)
      return open(OpenCollection(isMapping: false, isFlow: isFlow, start: start))
    case .mappingStart(let isFlow):
      refuseProperties(event, start, end)
      return open(OpenCollection(isMapping: true, isFlow: isFlow, start: start))
    }
  }

  private mutating func open(_ collection: OpenCollection) -> Bool {
    guard stack.count < Limits.nodeDepth else {
      report(.limit, collection.start, "the text is nested over \(Limits.nodeDepth) levels deep")
      return false
    }
    stack.append(collection)
    return true
  }

  /// Puts a finished node where it belongs.
  private mutating func attach(_ node: Node) -> Bool {
    nodeCount += 1
    guard nodeCount <= Limits.nodes else {
      report(.limit, node.start, "the text holds more than \(Limits.nodes) values")
      root = nil
      return false
    }
    if stack.isEmpty {
      root = node
    } else if let finding = stack[stack.count - 1].add(node, in: bytes) {
      findings.append(finding)
    }
    // One finding an event, at the most: enough to keep a hostile text from filling the memory.
    return findings.count < 2 * Limits.findings
  }

  private mutating func report(
    _ code: Finding.Code, _ mark: SourceMark, _ message: String, hint: String? = nil
  ) {
    findings.append(Finding(code: code, mark: mark, message: message, hint: hint))
  }

  private mutating func refuseProperties(
    _ event: YAMLEvent, _ start: SourceMark, _ end: SourceMark
  ) {
    if event.isAnchored {
      report(
        .refusedSyntax, start,
        "an anchor stands here; anchors and aliases are not part of a rubric",
        hint: "remove it, and write the value out where it was used")
    }
    // libyaml hides the tag `!`, but not that the node begins there.
    let isBare = start.offset < bytes.count && bytes[start.offset] == UInt8(ascii: "!")
    if event.isTagged || (isBare && start.offset < end.offset) {
      report(
        .refusedSyntax, start, "a tag stands here; tags are not part of a rubric",
        hint: "remove it, and quote the value if it is text")
    }
  }

  // MARK: Outside the document

  /// Reports directives and makes comments of them.
  ///
  /// libyaml takes quadratic time for many `%TAG` lines, so it must not see them.
  private mutating func refuseDirectives() {
    var index = start
    while index < bytes.count {
      var at = index
      while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 { at += 1 }
      guard at < bytes.count else { return }
      switch bytes[at] {
      case UInt8(ascii: "%") where at == index:
        report(
          .refusedSyntax, lines.mark(at: at),
          "a directive stands here; directives are not part of a rubric", hint: "remove the line")
        bytes[at] = UInt8(ascii: "#")
      case UInt8(ascii: "#"), 0x0A, 0x0D: break
      default: return
      }
      while at < bytes.count, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
      index = at + 1
    }
  }

  /// Reports what stands after the first document, which libyaml is not asked to read.
  private mutating func refuseMore(after offset: Int) {
    var index = offset
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D: index += 1
      case UInt8(ascii: "#"):
        while index < bytes.count, bytes[index] != 0x0A, bytes[index] != 0x0D { index += 1 }
      case UInt8(ascii: ".") where bytes[index...].starts(with: "...".utf8): index += 3
      case UInt8(ascii: "-") where bytes[index...].starts(with: "---".utf8), UInt8(ascii: "%"):
        report(
          .refusedSyntax, lines.mark(at: index), "a second document begins; a file holds one",
          hint: "put it in a file of its own")
        return
      default:
        guard !isMended else { return }
        report(
          .syntax, lines.mark(at: index), "the document has ended; expected the end of the file",
          hint: "check the indentation and the quotes of the line")
        return
      }
    }
    if case .scalar("", .plain)? = root?.content {
      report(.refusedSyntax, lines.mark(at: start), "the file holds no document")
    }
  }

  /// The end of a block scalar's last line of text.
  ///
  /// libyaml's end lies past the blank lines that follow, which belong to the text only where its
  /// header says so (`|+`).
  private mutating func blockScalarEnd(from start: SourceMark, to end: SourceMark) -> SourceMark {
    let header = bytes[start.offset..<end.offset].prefix(3)
    let keeps = header.prefix { $0 != 0x0A && $0 != 0x0D }.contains(UInt8(ascii: "+"))
    var at = end.offset
    if keeps {
      if at > start.offset, bytes[at - 1] == 0x0A { at -= 1 }
      if at > start.offset, bytes[at - 1] == 0x0D { at -= 1 }
    } else {
      while at > start.offset, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at - 1]) { at -= 1 }
    }
    return lines.mark(at: at)
  }
}
