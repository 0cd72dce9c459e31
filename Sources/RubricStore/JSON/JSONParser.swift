/// A recursive-descent parser of one JSON text, its depth bounded by ``Limits/nodeDepth``.
struct JSONParser {
  private let bytes: [UInt8]
  private var index: Int
  private var lines: LineTable
  private var nodeCount = 0
  private let isMended: Bool
  private(set) var findings: [Finding]

  init(_ check: TextCheck) {
    bytes = check.text
    index = check.start
    lines = check.lines
    findings = check.findings
    isMended = !check.findings.isEmpty
  }

  /// The whole text; nil where it could not be read to its end.
  mutating func document() -> Node? {
    skipSpace()
    guard let root = value(depth: 0) else { return nil }
    skipSpace()
    guard index == bytes.count else {
      return fail("the value has ended; expected the end of the text, found \(found)")
    }
    return root
  }

  // MARK: Values

  private mutating func value(depth: Int) -> Node? {
    nodeCount += 1
    guard nodeCount <= Limits.nodes else {
      return fail("the text holds more than \(Limits.nodes) values", code: .limit)
    }
    guard let byte = peek else { return fail("expected a value, found \(found)") }
    switch byte {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string()
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    case UInt8(ascii: "t"): return word("true")
    case UInt8(ascii: "f"): return word("false")
    case UInt8(ascii: "n"): return word("null")
    default: return fail("expected a value, found \(found)")
    }
  }

  private mutating func object(depth: Int) -> Node? {
    guard isShallow(depth) else { return nil }
    let start = mark()
    var entries: [Node.Entry] = []
    var keyLines: [Verbatim<String>: Int] = [:]
    index += 1
    skipSpace()
    if take(UInt8(ascii: "}")) {
      return Node(content: .mapping([], isFlow: true), start: start, end: mark())
    }
    while true {
      guard peek == UInt8(ascii: "\"") else {
        return fail("expected a key in double quotes, found \(found)")
      }
      guard let keyNode = string(), case .scalar(let name, _) = keyNode.content else { return nil }
      skipSpace()
      guard take(UInt8(ascii: ":")) else {
        return fail("expected `:` after the key, found \(found)")
      }
      skipSpace()
      guard let value = value(depth: depth + 1) else { return nil }
      let key = Verbatim(wrappedValue: name)
      if let line = keyLines[key] {
        report(
          .duplicateKey, keyNode.start,
          "the key `\(name)` stands twice in one object, first on line \(line)")
      } else {
        keyLines[key] = keyNode.start.line
        entries.append(Node.Entry(key: keyNode, value: value, name: name))
      }
      skipSpace()
      if take(UInt8(ascii: "}")) { break }
      guard take(UInt8(ascii: ",")) else { return fail("expected `,` or `}`, found \(found)") }
      skipSpace()
    }
    return Node(content: .mapping(entries, isFlow: true), start: start, end: mark())
  }

  private mutating func array(depth: Int) -> Node? {
    guard isShallow(depth) else { return nil }
    let start = mark()
    var items: [Node] = []
    index += 1
    skipSpace()
    if take(UInt8(ascii: "]")) {
      return Node(content: .sequence([], isFlow: true), start: start, end: mark())
    }
    while true {
      guard let value = value(depth: depth + 1) else { return nil }
      items.append(value)
      skipSpace()
      if take(UInt8(ascii: "]")) { break }
      guard take(UInt8(ascii: ",")) else { return fail("expected `,` or `]`, found \(found)") }
      skipSpace()
    }
    return Node(content: .sequence(items, isFlow: true), start: start, end: mark())
  }

  private mutating func isShallow(_ depth: Int) -> Bool {
    if depth < Limits.nodeDepth { return true }
    report(.limit, mark(), "the text is nested over \(Limits.nodeDepth) levels deep")
    return false
  }

  private mutating func word(_ word: String) -> Node? {
    let start = mark()
    guard bytes[index...].starts(with: word.utf8) else {
      return fail("expected a value, found \(found)")
    }
    index += word.utf8.count
    return Node(content: .scalar(word, .plain), start: start, end: mark())
  }

  private mutating func number() -> Node? {
    let start = mark()
    let first = index
    _ = take(UInt8(ascii: "-"))
    let whole = digits()
    guard whole > 0 else { return fail("expected a digit, found \(found)") }
    if whole > 1, bytes[index - whole] == UInt8(ascii: "0") {
      return fail("a number begins with a needless zero", at: start)
    }
    var isInteger = true
    if take(UInt8(ascii: ".")) {
      isInteger = false
      guard digits() > 0 else { return fail("expected a digit after the point, found \(found)") }
    }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      isInteger = false
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() > 0 else { return fail("expected a digit of the exponent, found \(found)") }
    }
    let text = String(decoding: bytes[first..<index], as: UTF8.self)
    if !isInteger, ScalarResolution(plain: text) == .nonFinite {
      report(.invalidValue, start, "the number `\(text.prefix(40))` is too large")
    }
    return Node(content: .scalar(text, .plain), start: start, end: mark())
  }

  private mutating func digits() -> Int {
    let first = index
    while let byte = peek, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { index += 1 }
    return index - first
  }

  // MARK: Text

  private mutating func string() -> Node? {
    let start = mark()
    index += 1
    var text: [UInt8] = []
    while true {
      let first = index
      while index < bytes.count, bytes[index] != UInt8(ascii: "\""),
        bytes[index] != UInt8(ascii: "\\"), bytes[index] >= 0x20
      {
        index += 1
      }
      text.append(contentsOf: bytes[first..<index])
      switch peek {
      case UInt8(ascii: "\""):
        index += 1
        let content = Node.Content.scalar(String(decoding: text, as: UTF8.self), .doubleQuoted)
        return Node(content: content, start: start, end: mark())
      case UInt8(ascii: "\\"):
        guard let scalar = escape() else { return nil }
        text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
      case let byte?:
        // A tab or line break: whatever else is below a space was reported before.
        report(
          .controlCharacter, mark(),
          "the character U+\(TextCheck.hex(UInt32(byte), width: 4)) "
            + "stands inside quotes", hint: #"write `\t`, `\n` or `\r`"#)
        text.append(byte)
        index += 1
      case nil:
        return fail("the quoted text has no end", at: start)
      }
    }
  }

  private mutating func escape() -> Unicode.Scalar? {
    let start = mark()
    index += 1
    guard let byte = peek else { return fail("the quoted text has no end") }
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "b"): return refused(0x08, start)
    case UInt8(ascii: "f"): return refused(0x0C, start)
    case UInt8(ascii: "u"): return unicodeEscape(start)
    default: return fail("the quoted text holds an unknown escape", at: start)
    }
  }

  private mutating func unicodeEscape(_ start: SourceMark) -> Unicode.Scalar? {
    guard let unit = fourDigits() else { return nil }
    if let scalar = Unicode.Scalar(unit) {
      return TextCheck.isRefused(unit) ? refused(unit, start) : scalar
    }
    guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      return fail("an escape names half a character (a lone surrogate)", at: start)
    }
    guard let low = fourDigits() else { return nil }
    guard (0xDC00..<0xE000).contains(low) else {
      return fail("an escape names half a character (a lone surrogate)", at: start)
    }
    return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
  }

  private mutating func fourDigits() -> UInt32? {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        return fail(#"expected four hexadecimal digits after `\u`, found \#(found)"#)
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }

  private mutating func refused(_ value: UInt32, _ mark: SourceMark) -> Unicode.Scalar? {
    let finding = TextCheck.controlFinding(value, mark)
    report(finding.code, mark, finding.message, hint: finding.hint)
    return "\u{FFFD}"
  }

  // MARK: Bytes

  private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard peek == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      index += 1
    }
  }

  /// The character that comes next, in words.
  private var found: String { SourceMark.found(bytes, index) }

  // MARK: Findings

  private mutating func mark() -> SourceMark { lines.mark(at: index) }

  private mutating func report(
    _ code: Finding.Code, _ mark: SourceMark, _ message: String, hint: String? = nil
  ) {
    guard findings.count < 2 * Limits.findings else { return }
    findings.append(Finding(code: code, mark: mark, message: message, hint: hint))
  }

  /// Reports why reading ends.
  private mutating func fail<Value>(
    _ message: String, code: Finding.Code = .syntax, at mark: SourceMark? = nil
  ) -> Value? {
    let place = mark ?? self.mark()
    if !(isMended && code == .syntax) { report(code, place, message) }
    return nil
  }
}
