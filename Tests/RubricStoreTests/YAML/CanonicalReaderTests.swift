import RubricStore
import Testing

/// The reader of the canonical form gives what libyaml's gives, or nothing.
@Suite struct CanonicalReaderTests {
  /// Every canonical text is read, and nearly every one without libyaml.
  @Test func canonicalTextsAreReadAlike() throws {
    var read = 0
    try forAll { make in
      let text = Array(Self.rubric(&make).canonicalText.utf8)
      let (root, findings) = YAMLReader.readAny(text)
      try #require(findings.isEmpty)
      let expected = try #require(root)
      guard let canonical = YAMLReader.readCanonical(text) else { return }
      read += 1
      try requireSame(canonical, expected, text)
    }
    // Only keys of other letters, which `ext` may have, are left to libyaml.
    if Cases.count >= 200 { #expect(read > Cases.count / 2) }
  }

  /// Whatever is changed in a text: there is no answer, or it is libyaml's.
  @Test func changedTextsAreReadAlikeOrNotAtAll() throws {
    var read = 0
    try forAll { make in
      var text = Array(Self.rubric(&make).canonicalText.utf8)
      if make.random.chance(50) { text = Self.excerpt(text, &make) }
      for _ in 0..<20 {
        let changed = Self.changed(text, &make)
        if make.random.chance(10) { text = changed }
        guard let canonical = YAMLReader.readCanonical(changed) else { continue }
        read += 1
        let (root, findings) = YAMLReader.readAny(changed)
        let shown = String(decoding: changed, as: UTF8.self)
        try #require(findings.isEmpty, "\(findings) in:\n\(shown)")
        try requireSame(canonical, try #require(root), changed)
      }
    }
    if Cases.count >= 200 { #expect(read > Cases.count / 2) }
  }

  /// Texts made of the pieces that canonical texts are made of.
  @Test func madeUpTextsAreReadAlikeOrNotAtAll() throws {
    let pieces = [
      "a", "b: ", "key:\n", "  ", "- ", "\n", "c: d\n", "    ", "|", "|-\n", "|+\n", ">-\n", "'",
      "''",
      "\"", "\\n", "[]", "{}", "# ", " #", ": ", ":", "é", "日", "x y", "-", "-1", "1.5", "~",
      "null",
      "...", "---", "\n\n", " ", "a: |\n  x\n", "z: >-\n  p\n  q\n", "- - ", "- k: v\n", "<<: ",
      "?",
      "\u{85}", "\u{FEFF}", "\t", "\r", "%", "@", "&a ", "*a", "!t ",
    ]
    var read = 0
    try forAll { make in
      for _ in 0..<20 {
        var text = make.random.chance(80) ? "a: b\n" : ""
        for _ in 0..<make.random.below(12) { text += make.random.pick(pieces) }
        if make.random.chance(90) { text += "\n" }
        let bytes = Array(text.utf8)
        guard let canonical = YAMLReader.readCanonical(bytes) else { continue }
        read += 1
        let (root, findings) = YAMLReader.readAny(bytes)
        try #require(findings.isEmpty, "\(findings) in:\n\(text)")
        try requireSame(canonical, try #require(root), bytes)
      }
    }
    if Cases.count >= 200 { #expect(read > Cases.count / 10) }
  }

  @Test(arguments: [
    "", "\n", "a: b", "# c\na: b\n", "a: b\n\nc: d\n", "a: b # c\n", "a:\n", "a: \n", "a:  b\n",
    "a:\n- b\n", "a:\n   - b\n", "a: b\n c\n", "a: b\na: c\n", "'a': b\n", "a: 'b\n  c'\n",
    "a: \"\\x41\"\n", "a: \"\\0\"\n", "a: |\n", "a: |\n   b\n", "a: |2\n   b\n", "a: |-\n  b\n\n",
    "a: |\n\n  b\n", "a: |\n  b\n \n", "a: >\n  b\n", "a: >-\n  b\n\n  c\n", "a: >-\n  b\n    c\n",
    "a: [b]\n", "a: {b: c}\n", "a: &x b\n", "a: *x\n", "a: !t b\n", "a: @b\n", "a: b: c\n",
    "a: b:\n",
    "a: - b\n", "- a\n", "a\n", "---\na: b\n", "a: b\n...\n", "a: b\r\n", "a:\tb\n", "a: b\u{85}\n",
    "a: \u{2028}b\n", "\u{FEFF}a: b\n", "a: b \n", "a: 'b' \n", "a: \u{7}\n",
  ]) func otherTextsAreLeftToLibYAML(_ text: String) {
    #expect(YAMLReader.readCanonical(Array(text.utf8)) == nil)
  }

  @Test func bytesThatAreNoTextAreLeftToLibYAML() {
    for bytes: [UInt8] in [[0x80], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0], [0xFF]] {
      #expect(YAMLReader.readCanonical(Array("a: b".utf8) + bytes + [0x0A]) == nil)
    }
  }

  /// As deep and as long as a document may be, and deeper and longer.
  @Test func limitsAreThoseOfLibYAML() {
    func nested(_ depth: Int) -> [UInt8] {
      Array(
        ((0..<depth).map { String(repeating: " ", count: 2 * $0) + "a:" }.joined(separator: "\n")
          + " b\n").utf8)
    }
    #expect(YAMLReader.readCanonical(nested(Limits.nodeDepth)) != nil)
    #expect(YAMLReader.readAny(nested(Limits.nodeDepth)).findings.isEmpty)
    #expect(YAMLReader.readCanonical(nested(Limits.nodeDepth + 1)) == nil)
    #expect(YAMLReader.readAny(nested(Limits.nodeDepth + 1)).findings.map(\.code) == [.limit])
    let dashes = "a:\n  " + String(repeating: "- ", count: 100_000) + "b\n"
    #expect(YAMLReader.readCanonical(Array(dashes.utf8)) == nil)
  }

  /// A rubric, mostly without the odd keys that `ext` may have.
  private static func rubric(_ make: inout RubricGenerator) -> Rubric {
    var rubric = make.rubric()
    guard make.random.chance(90) else { return rubric }
    rubric.ext = Extensions()
    rubric.criteria = rubric.criteria.map(withoutExt)
    return rubric
  }

  private static func withoutExt(_ criterion: Criterion) -> Criterion {
    var criterion = criterion
    criterion.ext = Extensions()
    criterion.criteria = criterion.criteria.map(withoutExt)
    return criterion
  }

  private func requireSame(_ node: Node, _ other: Node, _ text: [UInt8]) throws {
    let shown = "\(node)\nlibyaml: \(other)\n\(String(decoding: text, as: UTF8.self))"
    try #require(node.start == other.start && node.end == other.end, "\(shown)")
    switch (node.content, other.content) {
    case (.scalar(let text, let style), .scalar(let otherText, let otherStyle)):
      try #require(Array(text.utf8) == Array(otherText.utf8) && style == otherStyle, "\(shown)")
    case (.sequence(let items, let isFlow), .sequence(let others, let otherIsFlow)):
      try #require(items.count == others.count && isFlow == otherIsFlow, "\(shown)")
      for (item, other) in zip(items, others) { try requireSame(item, other, text) }
    case (.mapping(let entries, let isFlow), .mapping(let others, let otherIsFlow)):
      try #require(entries.count == others.count && isFlow == otherIsFlow, "\(shown)")
      for (entry, other) in zip(entries, others) {
        try #require(Array(entry.name.utf8) == Array(other.name.utf8), "\(shown)")
        try requireSame(entry.key, other.key, text)
        try requireSame(entry.value, other.value, text)
      }
    default: try #require(Bool(false), "\(shown)")
    }
  }

  /// Some lines of a text, so that changes meet what matters more often.
  private static func excerpt(_ text: [UInt8], _ make: inout RubricGenerator) -> [UInt8] {
    let lines = text.split(separator: 10, omittingEmptySubsequences: false)
    let start = make.random.below(lines.count)
    let part = lines[start...].prefix(1 + make.random.below(12))
    return Array(part.joined(separator: [10])) + [10]
  }

  private static func changed(_ text: [UInt8], _ make: inout RubricGenerator) -> [UInt8] {
    var text = text
    for _ in 0...make.random.below(3) {
      let at = make.random.below(text.count + 1)
      switch make.random.below(6) {
      case 0: text.insert(UInt8(make.random.below(256)), at: at)
      case 1, 2:
        let bytes = Array("\n -:#'\"|>+[]{}&*!%@`?,.0a\\~<\u{E9}".utf8)
        text.insert(make.random.pick(bytes), at: at)
      case 3 where at < text.count: text.remove(at: at)
      case 4 where at < text.count: text[at] = make.random.pick(Array("\n -:#'a1".utf8))
      case 5:
        let lines = text.split(separator: 10, omittingEmptySubsequences: false)
        let (from, to) = (make.random.below(lines.count), make.random.below(lines.count))
        var moved = lines
        moved.insert(lines[from], at: to)
        text = Array(moved.joined(separator: [10]))
      default: break
      }
    }
    return text
  }
}
