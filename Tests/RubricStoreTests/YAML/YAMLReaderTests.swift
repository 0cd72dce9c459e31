import RubricStore
import Testing

@Suite struct YAMLReaderTests {
  private func findings(_ text: String) -> [String] {
    YAMLReader.read(Array(text.utf8)).findings.map {
      "\($0.mark?.line ?? 0):\($0.mark?.column ?? 0) \($0.code.rawValue)"
    }
  }

  @Test(arguments: [
    ("", "1:1 refused_syntax"),
    ("# only a comment\n", "2:1 refused_syntax"),
    ("---\n", "1:1 refused_syntax"),
    ("a: &x 1\n", "1:4 refused_syntax"),
    ("a: *x\n", "1:4 refused_syntax"),
    ("a: !!str 1\n", "1:4 refused_syntax"),
    ("a: ! 1\n", "1:4 refused_syntax"),
    ("a: !x [1]\n", "1:4 refused_syntax"),
    ("a: !\n", "1:4 refused_syntax"),
    ("é: ! \n  b: 1\n", "1:4 refused_syntax"),
    ("<<: {a: 1}\n", "1:1 refused_syntax"),
    ("%YAML 1.2\n---\na: 1\n", "1:1 refused_syntax"),
    ("a: 1\n---\nb: 1\n", "2:1 refused_syntax"),
    ("a: 1\n...\n# c\n---\nb: 1\n", "4:1 refused_syntax"),
    ("[a]: 1\n", "1:1 refused_syntax"),
    ("? {a: 1}\n: 1\n", "1:3 refused_syntax"),
    (": 1\n", "1:1 syntax"),
    ("{: 1}\n", "1:2 syntax"),
    ("?\n: 1\n", "1:2 refused_syntax"),
    ("a: 1\nb: 2\na: 3\n", "3:1 duplicate_key"),
    ("a: 1\n'a': 2\n", "2:1 duplicate_key"),
    ("a: b: c\n", "1:5 syntax"),
    ("a: [1, 2\n", "2:1 syntax"),
    ("a: \"b\n", "2:1 syntax"),
    ("a:\n\t- b\n", "2:1 syntax"),
    ("a: 1\n b: 2\n", "2:3 syntax"),
    ("[a]\nb\n", "2:1 syntax"),
    ("a: @b\n", "1:4 syntax"),
    ("a: \"\\q\"\n", "1:5 syntax"),
    ("a: \"\\0\"\n", "1:4 control_character"),
    ("a: \"\\x07\\x85\"\n", "1:4 control_character"),
    ("a: \"\\uFFFF\"\n", "1:4 control_character"),
    ("日本: \u{7}\n", "1:5 control_character"),
    ("a: \u{7F}\n", "1:4 control_character"),
    ("a: \u{9B}\n", "1:4 control_character"),
  ]) func oneFinding(_ text: String, _ expected: String) {
    #expect(findings(text) == [expected])
  }

  @Test func manyFindingsAtOnce() {
    let text = """
      a: &x 1
      b: !t 2
      b: *x
      <<: 3
      c: "\\0"
      d: {e: 1, e: 2}
      """
    #expect(
      findings(text) == [
        "1:4 refused_syntax", "2:4 refused_syntax", "3:1 duplicate_key", "3:4 refused_syntax",
        "4:1 refused_syntax", "5:4 control_character", "6:11 duplicate_key",
      ])
  }

  @Test func theFirstOfTwoKeysIsNamed() {
    let finding = YAMLReader.read(Array("x: 1\ny: 2\nx: 3\n".utf8)).findings.first
    #expect(finding?.message.hasSuffix("first on line 1") == true)
    var many = (0..<40).map { "k\($0): 1\n" }.joined()
    many += "k33: 1\n"
    let later = YAMLReader.read(Array(many.utf8)).findings
    #expect(later.map(\.message) == ["the key `k33` stands twice in one mapping, first on line 34"])
  }

  @Test func keysAreComparedByteByByte() {
    #expect(findings("\u{E9}: 1\ne\u{301}: 2\n").isEmpty)
  }

  @Test func encodings() {
    func codes(_ bytes: [UInt8]) -> [String] {
      YAMLReader.read(bytes).findings.map { "\($0.mark?.offset ?? -1) \($0.code.rawValue)" }
    }
    #expect(codes([0xEF, 0xBB, 0xBF] + Array("a: 1\n".utf8)).isEmpty)
    #expect(codes(Array("a: ".utf8) + [0xEF, 0xBF, 0xBE]) == ["3 control_character"])
    #expect(codes([0xFF, 0xFE, 0x61, 0]) == ["0 encoding"])
    #expect(codes([0x61, 0, 0x3A, 0]) == ["0 encoding"])
    #expect(codes(Array("a: ".utf8) + [0xC3]) == ["3 encoding"])
    #expect(codes(Array("a: ".utf8) + [0xC0, 0x80]) == ["3 encoding", "4 encoding"])
    #expect(codes(Array("a: ".utf8) + [0xED, 0xA0, 0x80]).first == "3 encoding")
    #expect(codes(Array("a: ".utf8) + [0xF5, 0x80, 0x80, 0x80]).first == "3 encoding")
    #expect(
      codes(Array("a: ".utf8) + [0x80] + Array("\nb: ".utf8) + [0]) == [
        "3 encoding", "8 control_character",
      ])
  }

  @Test func limits() {
    func codes(_ text: String) -> [Finding.Code] {
      YAMLReader.read(Array(text.utf8)).findings.map(\.code)
    }
    let deepest = String(repeating: "[", count: Limits.nodeDepth)
    #expect(codes(deepest + String(repeating: "]", count: Limits.nodeDepth)).isEmpty)
    #expect(codes(deepest + "[") == [.limit])
    #expect(codes(String(repeating: "[", count: 1_000_000)) == [.limit])
    #expect(codes(String(repeating: "{a: ", count: 10_000)) == [.limit])
    #expect(codes(String(repeating: "- ", count: 100_000)) == [.limit])
    #expect(codes(String(repeating: "? ", count: 100_000)) == [.limit])
    #expect(codes(String(repeating: "x", count: Limits.textBytes + 1)) == [.limit])
    #expect(codes(String(repeating: "%TAG !a! b\n", count: 20_000)).count == Limits.findings)
    #expect(codes(String(repeating: "\u{7}", count: 20_000)).count == Limits.findings)
    #expect(codes(String(repeating: "a: *a\n", count: 20_000)).count == Limits.findings)
  }

  /// Every scalar that is written as it reads stands where its marks say, whatever comes before.
  @Test(arguments: ["\n", "\r\n"]) func marks(_ lineBreak: String) throws {
    let lines = [
      "# é comment", "", "top: plain", "日本: {a: \u{E9}x, b: [one, 'two', \"thr\u{E9}e\"]}", "list:",
      "- first", "-   nested: \u{1F600} smile # c", "    more:", "      - deep", "block: |",
      "  literal", "",
      "# after", "last: end",
    ]
    let text = Array(lines.joined(separator: lineBreak).utf8)
    let root = try #require(YAMLReader.read(text).root)
    var count = 0
    func check(_ node: Node) {
      #expect(node.start.offset <= node.end.offset)
      let before = String(decoding: text[..<node.start.offset], as: UTF8.self).unicodeScalars
      let newlines = before.filter { $0 == "\n" }.count
      #expect(node.start.line == newlines + 1)
      let column = before.reversed().prefix { $0 != "\n" }.count + 1
      #expect(node.start.column == column)
      switch node.content {
      case .scalar(let value, let style):
        count += 1
        let source = String(decoding: text[node.start.offset..<node.end.offset], as: UTF8.self)
        switch style {
        case .plain: #expect(source == value)
        case .singleQuoted: #expect(source == "'\(value)'")
        case .doubleQuoted: #expect(source == "\"\(value)\"")
        case .literal, .folded: #expect(source == "|\(lineBreak)  literal")
        }
      case .sequence(let items, _): items.forEach(check)
      case .mapping(let entries, _):
        for entry in entries {
          check(entry.key)
          check(entry.value)
        }
        #expect(entries.last?.value.end.offset ?? 0 <= node.end.offset)
      }
    }
    check(root)
    #expect(count == 19)
    #expect(root.end.offset == text.count)
  }

  @Test func keptBlankLinesBelongToTheText() throws {
    let text = "a: |+\n  x\n\n\nb: >-\n  y\n\n\nc: |\n\nd: 1\n"
    let root = try #require(YAMLReader.read(Array(text.utf8)).root)
    guard case .mapping(let entries, false) = root.content else { return #expect(Bool(false)) }
    let ends = entries.map {
      String(decoding: Array(text.utf8)[..<$0.value.end.offset], as: UTF8.self)
    }
    #expect(ends[0].hasSuffix("  x\n\n"))
    #expect(ends[1].hasSuffix("  y"))
    #expect(ends[2].hasSuffix("c: |"))
  }

  /// Hostile bytes give findings or a tree, and never more than the limit says.
  @Test(arguments: 0..<20 as Range<UInt64>) func anyBytes(seed: UInt64) {
    var dice = RandomSource(seed: seed)
    let pieces = [
      "a", ":", " ", "\n", "- ", "? ", "[", "]", "{", "}", ",", "\"", "'", "|", ">", "#", "&a ",
      "*a",
      "!t ", "%", "---\n", "...\n", "<<", "\\", "\t", "\r", "\u{85}", "\u{2028}", "é", "\u{FEFF}",
      "@", "  ", "0",
    ]
    for _ in 0..<300 {
      var bytes: [UInt8] = []
      for _ in 0..<dice.below(60) {
        if dice.chance(3) {
          bytes.append(UInt8(dice.below(256)))
        } else {
          bytes.append(contentsOf: dice.pick(pieces).utf8)
        }
      }
      let (root, findings) = YAMLReader.read(bytes)
      #expect(root != nil || !findings.isEmpty, "seed \(seed): \(bytes)")
      #expect(findings.count <= Limits.findings)
      for finding in findings { #expect((0...bytes.count).contains(finding.mark?.offset ?? -1)) }
      _ = JSONReader.read(bytes)
    }
  }
}
