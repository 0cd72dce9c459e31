/// Reads the canonical form without libyaml.
///
/// What the emitter writes is a small part of YAML: one layout, keys of plain letters, no comments.
/// Nearly all that a store holds is written so, and a reader of that part alone takes a fraction of
/// the time. It reads nothing else: where a text is outside of it, be it by a blank line, the answer is
/// none, and libyaml reads the text. Where there is an answer it is the one that libyaml's events give,
/// places included.
struct CanonicalReader {
  private let bytes: UnsafePointer<UInt8>
  private let count: Int
  /// Where the reading is.
  private var at = 0
  /// The line of it, counted from 1, and where that begins.
  private var line = 1
  private var lineStart = 0
  /// The bytes of the line so far that begin no character.
  private var continuations = 0
  /// The spaces that the line begins with; ``end`` after the last line, ``other`` for a line that is
  /// not of the canonical form.
  private var indent = 0
  private var nodeCount = 0

  private static let end = -1
  private static let other = -2

  /// Reads a text; nil where it is not certain to be canonical.
  ///
  /// - Complexity: O(*n*) in the number of bytes.
  static func read(_ text: [UInt8]) -> Node? {
    guard text.count <= Limits.textBytes, text.last == .newline, let first = text.first,
      isKeyStart(first)
    else { return nil }
    return text.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress, holdsOnlyText(buffer) else { return nil }
      var reader = CanonicalReader(bytes: base, count: buffer.count)
      let root = reader.mapping(indent: 0, depth: 1)
      return reader.indent == end && reader.nodeCount <= Limits.nodes ? root : nil
    }
  }

  private init(bytes: UnsafePointer<UInt8>, count: Int) {
    self.bytes = bytes
    self.count = count
  }

  /// Whether all of a text is UTF-8 and printable, its lines ending in line feeds: then a byte is a
  /// character, or part of one that means nothing to YAML.
  private static func holdsOnlyText(_ buffer: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while true {
      index = buffer.endOfPrintable(from: index)
      guard index < buffer.count else { return true }
      if buffer[index] == .newline {
        index &+= 1
        continue
      }
      guard buffer[index] >= 0x80, let (value, length) = TextCheck.decode(buffer, index),
        !TextCheck.isRefused(value), !isBreakOrMark(value)
      else { return false }
      index &+= length
    }
  }

  /// Whether libyaml takes a character for a line break or a byte order mark.
  private static func isBreakOrMark(_ value: UInt32) -> Bool {
    value == 0x85 || value == 0x2028 || value == 0x2029 || value == 0xFEFF
  }

  // The text ends in a line feed, at which every loop over a line ends.

  /// The place of a byte on the line up to which ``continuations`` counts.
  private func mark(_ offset: Int) -> SourceMark {
    SourceMark(offset: offset, line: line, column: offset &- lineStart &- continuations &+ 1)
  }

  /// Steps over the line feed, and sees how the next line begins.
  private mutating func nextLine() {
    at &+= 1
    line &+= 1
    lineStart = at
    continuations = 0
    guard at < count else {
      indent = Self.end
      return
    }
    while bytes[at] == .space { at &+= 1 }
    indent = bytes[at] == .newline ? Self.other : at &- lineStart
  }

  /// Whether a list's item begins here.
  private var isDash: Bool { bytes[at] == UInt8(ascii: "-") && bytes[at &+ 1] == .space }

  private static func isKeyStart(_ byte: UInt8) -> Bool {
    // Capital letters become small ones.
    byte &- 0x41 < 26 || byte &- 0x61 < 26 || byte == UInt8(ascii: "_")
  }

  private static func isKeyPart(_ byte: UInt8) -> Bool {
    isKeyStart(byte) || byte &- 0x30 < 10 || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// Where the key ends that begins here; nil where there is none.
  private func endOfKey() -> Int? {
    guard Self.isKeyStart(bytes[at]) else { return nil }
    var index = at &+ 1
    while Self.isKeyPart(bytes[index]) { index &+= 1 }
    // libyaml has a limit for keys, far beyond.
    guard bytes[index] == UInt8(ascii: ":"), index &- at <= 128,
      bytes[index &+ 1] == .space || bytes[index &+ 1] == .newline
    else { return nil }
    return index
  }

  private func text(_ start: Int, _ end: Int) -> String {
    String(decoding: UnsafeBufferPointer(start: bytes + start, count: end &- start), as: UTF8.self)
  }

  /// Reads a mapping whose first key begins here, in column `indent`.
  private mutating func mapping(indent column: Int, depth: Int) -> Node? {
    guard depth <= Limits.nodeDepth else { return nil }
    var entries: [Node.Entry] = []
    entries.reserveCapacity(4)
    let start = mark(at)
    repeat {
      guard let end = endOfKey() else { return nil }
      let name = text(at, end)
      // Two keys of one name are for libyaml's reader to tell of, and so are very many.
      guard entries.count < 64, !entries.contains(where: { $0.name == name }) else { return nil }
      let key = Node(content: .scalar(name, .plain), start: mark(at), end: mark(end))
      at = end &+ 1
      guard let value = value(under: column, depth: depth) else { return nil }
      entries.append(Node.Entry(key: key, value: value, name: name))
      nodeCount &+= 1
    } while indent == column && Self.isKeyStart(bytes[at])
    nodeCount &+= 1
    let end = entries[entries.count &- 1].value.end
    return Node(content: .mapping(entries, isFlow: false), start: start, end: end)
  }

  /// Reads a list whose first dash stands here, in column `indent`.
  private mutating func sequence(indent column: Int, depth: Int) -> Node? {
    guard depth <= Limits.nodeDepth else { return nil }
    var items: [Node] = []
    let start = mark(at)
    repeat {
      at &+= 2
      let item: Node?
      if isDash {
        item = sequence(indent: column &+ 2, depth: depth &+ 1)
      } else if endOfKey() != nil {
        item = mapping(indent: column &+ 2, depth: depth &+ 1)
      } else {
        item = scalar(under: column)
      }
      guard let item else { return nil }
      items.append(item)
    } while indent == column && isDash
    nodeCount &+= 1
    let end = items[items.count &- 1].end
    return Node(content: .sequence(items, isFlow: false), start: start, end: end)
  }

  /// Reads what follows a key's colon.
  private mutating func value(under column: Int, depth: Int) -> Node? {
    if bytes[at] == .space {
      at &+= 1
      return scalar(under: column)
    }
    nextLine()
    guard indent == column &+ 2 else { return nil }
    return isDash
      ? sequence(indent: indent, depth: depth &+ 1) : mapping(indent: indent, depth: depth &+ 1)
  }

  // MARK: Scalars

  /// Reads a scalar, or an empty collection, to the end of its last line.
  private mutating func scalar(under column: Int) -> Node? {
    nodeCount &+= 1
    switch bytes[at] {
    case UInt8(ascii: "|"), UInt8(ascii: ">"): return block(under: column)
    case UInt8(ascii: "'"): return quoted()
    case UInt8(ascii: "\""): return doubleQuoted()
    case UInt8(ascii: "["): return empty(.sequence([], isFlow: true), closing: "]")
    case UInt8(ascii: "{"): return empty(.mapping([], isFlow: true), closing: "}")
    default: return plain()
    }
  }

  private mutating func empty(_ content: Node.Content, closing: UnicodeScalar) -> Node? {
    guard bytes[at &+ 1] == UInt8(ascii: closing), bytes[at &+ 2] == .newline else { return nil }
    let node = Node(content: content, start: mark(at), end: mark(at &+ 2))
    at &+= 2
    nextLine()
    return node
  }

  /// Whether a plain scalar may begin with a byte; what follows decides about a dash.
  private static func isPlainStart(_ byte: UInt8, _ next: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "-"): next &- 0x30 < 10
    case 0x21...0x23, 0x25...0x27, 0x2A, 0x2C, 0x3A, 0x3E, 0x3F, 0x40, 0x5B, 0x5D, 0x60,
      0x7B...0x7D:
      // ! " # % & ' * , : > ? @ [ ] ` { | }
      false
    default: byte > 0x20
    }
  }

  private mutating func plain() -> Node? {
    let first = at
    guard bytes[at] != .newline, Self.isPlainStart(bytes[at], bytes[at &+ 1]) else { return nil }
    let start = mark(first)
    var index = first
    while true {
      let byte = bytes[index]
      if byte == .newline { break }
      if byte == UInt8(ascii: ":") {
        if bytes[index &+ 1] == .space || bytes[index &+ 1] == .newline { return nil }
      } else if byte == UInt8(ascii: "#") {
        if bytes[index &- 1] == .space { return nil }
      } else if byte & 0xC0 == 0x80 {
        continuations &+= 1
      }
      index &+= 1
    }
    guard bytes[index &- 1] != .space else { return nil }
    let node = Node(
      content: .scalar(text(first, index), .plain), start: start, end: mark(index))
    at = index
    nextLine()
    return node
  }

  private mutating func quoted() -> Node? {
    let quote = UInt8(ascii: "'")
    let start = mark(at)
    let first = at &+ 1
    var index = first
    var doubled = 0
    while true {
      let byte = bytes[index]
      if byte == .newline { return nil }
      if byte == quote {
        guard bytes[index &+ 1] == quote else { break }
        doubled &+= 1
        index &+= 1
      }
      if byte & 0xC0 == 0x80 { continuations &+= 1 }
      index &+= 1
    }
    guard bytes[index &+ 1] == .newline else { return nil }
    var text = text(first, index)
    if doubled > 0 {
      var single: [UInt8] = []
      single.reserveCapacity(index &- first)
      var next = first
      while next < index {
        single.append(bytes[next])
        next &+= bytes[next] == quote ? 2 : 1
      }
      text = String(decoding: single, as: UTF8.self)
    }
    let node = Node(
      content: .scalar(text, .singleQuoted), start: start, end: mark(index &+ 1))
    at = index &+ 1
    nextLine()
    return node
  }

  private mutating func doubleQuoted() -> Node? {
    let start = mark(at)
    var text: [UInt8] = []
    var index = at &+ 1
    while bytes[index] != UInt8(ascii: "\"") {
      let byte = bytes[index]
      index &+= 1
      switch byte {
      case .newline: return nil
      case UInt8(ascii: "\\"):
        guard let value = escape(at: &index), !TextCheck.isRefused(value),
          let scalar = Unicode.Scalar(value), let encoded = UTF8.encode(scalar)
        else { return nil }
        text.append(contentsOf: encoded)
      default:
        if byte & 0xC0 == 0x80 { continuations &+= 1 }
        text.append(byte)
      }
    }
    guard bytes[index &+ 1] == .newline else { return nil }
    let node = Node(
      content: .scalar(String(decoding: text, as: UTF8.self), .doubleQuoted), start: start,
      end: mark(index &+ 1))
    at = index &+ 1
    nextLine()
    return node
  }

  /// The character that an escape stands for, of those that the canonical form uses.
  private func escape(at index: inout Int) -> UInt32? {
    let letter = bytes[index]
    guard letter != .newline else { return nil }
    index &+= 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): return UInt32(letter)
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "N"): return 0x85
    case UInt8(ascii: "L"): return 0x2028
    case UInt8(ascii: "P"): return 0x2029
    case UInt8(ascii: "u"):
      var value: UInt32 = 0
      for _ in 0..<4 {
        let digit: UInt8
        switch bytes[index] {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = bytes[index] &- 0x30
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = bytes[index] &- 0x37
        default: return nil
        }
        value = value << 4 | UInt32(digit)
        index &+= 1
      }
      return value
    default: return nil
    }
  }

  /// Reads a literal or a folded text, whose lines are indented by two columns more than `column`.
  private mutating func block(under column: Int) -> Node? {
    let start = mark(at)
    let isFolded = bytes[at] == UInt8(ascii: ">")
    at &+= 1
    let chomping = bytes[at]
    if chomping == UInt8(ascii: "-") || chomping == UInt8(ascii: "+") { at &+= 1 }
    guard bytes[at] == .newline, !isFolded || chomping == UInt8(ascii: "-") else { return nil }
    var text: [UInt8] = []
    /// The blank lines since the last one that is not, and where that ends.
    var blanks = 0
    var end = start
    nextLine()
    while true {
      // Blank lines have no spaces in the canonical form.
      while indent == Self.other, at == lineStart, !isFolded {
        blanks &+= 1
        nextLine()
      }
      guard indent != Self.other else { return nil }
      guard indent >= column &+ 2 else { break }
      let first = lineStart &+ column &+ 2
      if text.isEmpty {
        // The first line says how far all are indented.
        guard blanks == 0, indent == column &+ 2 else { return nil }
      } else if isFolded {
        guard indent == column &+ 2 else { return nil }
        text.append(.space)
      } else {
        text.append(contentsOf: repeatElement(.newline, count: blanks &+ 1))
      }
      blanks = 0
      at = first
      while bytes[at] != .newline {
        if bytes[at] & 0xC0 == 0x80 { continuations &+= 1 }
        at &+= 1
      }
      guard bytes[at &- 1] != .space else { return nil }
      text.append(contentsOf: UnsafeBufferPointer(start: bytes + first, count: at &- first))
      end = mark(at)
      nextLine()
    }
    guard !text.isEmpty else { return nil }
    switch chomping {
    case UInt8(ascii: "-"): guard blanks == 0 else { return nil }
    case UInt8(ascii: "+"):
      text.append(contentsOf: repeatElement(.newline, count: blanks &+ 1))
      // What is kept is part of the text, but for the last line feed.
      if blanks > 0 {
        end = SourceMark(offset: lineStart &- 1, line: line &- 1, column: 1)
      }
    default:
      guard blanks == 0 else { return nil }
      text.append(.newline)
    }
    return Node(
      content: .scalar(String(decoding: text, as: UTF8.self), isFolded ? .folded : .literal),
      start: start, end: end)
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let space = UInt8(ascii: " ")
}
