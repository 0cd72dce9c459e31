import RubricStore
import Testing

@Suite struct YAMLEmitterTests {
  private func read(_ text: String) throws -> JSONValue {
    var (root, findings) = YAMLReader.read(Array(text.utf8))
    let value = root?.jsonValue(findings: &findings)
    if let value, findings.isEmpty { return value }
    throw SyntaxError(findings: findings)
  }

  @Test func layout() {
    let value: JSONValue = [
      "schema": "rubric/1", "id": "essay", "empty": [], "none": [:], "null": .null, "yes": true,
      "criteria": [
        ["id": "flow", "text": "First line\nsecond line\n", "weight": 3, "scale": ["max": 2.5]],
        ["id": "no", "tags": ["a", "1.0", ["x", ["y": 1]]]],
      ],
      "share": 3.0,
    ]
    #expect(
      YAMLEmitter.emit(value) == """
        schema: rubric/1
        id: essay
        empty: []
        none: {}
        'null': null
        'yes': true
        criteria:
          - id: flow
            text: |
              First line
              second line
            weight: 3
            scale:
              max: 2.5
          - id: 'no'
            tags:
              - a
              - '1.0'
              - - x
                - 'y': 1
        share: 3.0

        """)
  }

  @Test func longTextIsFolded() {
    let words = Array(repeating: "criterion", count: 22).joined(separator: " ")
    let text = YAMLEmitter.emit(["criteria": [["text": .string(words)]]])
    #expect(
      text == """
        criteria:
          - text: >-
              criterion criterion criterion criterion criterion criterion criterion criterion
              criterion criterion criterion criterion criterion criterion criterion criterion
              criterion criterion criterion criterion criterion criterion

        """)
    // 94 columns and `a: ` are 97: the last that stay on the line are 100.
    let fits = String(repeating: "x", count: 97)
    #expect(YAMLEmitter.emit(["a": .string(fits)]) == "a: \(fits)\n")
    #expect(YAMLEmitter.emit(["a": .string(fits + "x")]) == "a: >-\n  \(fits)x\n")
  }

  @Test(arguments: [
    ("a: b", "'a: b'"), ("it's", "it's"), ("'it'", "'''it'''"), (" a", "' a'"), ("", "''"),
    ("12:30", "'12:30'"),
    ("a\tb", #""a\tb""#), ("a\n", "|\n  a"), ("a\nb", "|-\n  a\n  b"), ("a\n\n", "|+\n  a\n"),
    ("a \nb", #""a \nb""#), ("\n", #""\n""#), ("a\u{2028}", #""a\L""#), ("\u{FEFF}", #""\uFEFF""#),
    ("\u{7}", #""\x07""#), ("3 apples", "3 apples"), ("-1", "'-1'"),
    ("http://a.b/c", "http://a.b/c"),
    ("a\n\nb", "|-\n  a\n\n  b"), ("日本", "日本"), ("#a", "'#a'"), ("a #b", "'a #b'"), ("a:", "'a:'"),
  ]) func text(_ text: String, _ written: String) {
    #expect(YAMLEmitter.emit(["k": .string(text)]) == "k: \(written)\n")
  }

  @Test func longKeysNeedAQuestionMark() throws {
    let value: JSONValue = .array([.object(JSONObject([(String(repeating: "k", count: 1100), 1)]))])
    #expect(try read(YAMLEmitter.emit(value)) == value)
  }

  @Test(arguments: RandomValues.awkward.filter { !RandomValues.isRefused($0) })
  func awkwardTextIsReadBack(_ text: String) throws {
    for value: JSONValue in [
      ["k": .string(text)], .object(JSONObject([(text, .string(text)), ("z", 1)])),
      [.string(text), "z"],
      ["a": [["b": .string(text), "c": [.string(text)]], .string(text)]], .string(text),
    ] {
      #expect(try read(YAMLEmitter.emit(value)) == value)
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>) func readingBackGivesTheSame(seed: UInt64) throws {
    var random = RandomValues(seed: seed)
    for _ in 0..<50 {
      let value = JSONValue.object(random.object(depth: 5))
      let text = YAMLEmitter.emit(value)
      let again = try read(text)
      #expect(again == value, "seed \(seed): \(text)")
      #expect(YAMLEmitter.emit(again) == text, "seed \(seed)")
    }
  }

  /// Values as another reader gives them: whole numbers and their fractions are the same there.
  private func simplified(_ value: JSONValue) -> JSONValue {
    switch value {
    case .integer(let number): .number(Double(number))
    case .array(let items): .array(items.map(simplified))
    case .object(let object):
      .object(JSONObject(object.members.map { ($0.key, simplified($0.value)) }))
    default: value
    }
  }

  @Test(arguments: OtherReaders.Library.allCases)
  func otherReadersAgree(_ library: OtherReaders.Library) throws {
    let seed: UInt64 = 20_26
    var random = RandomValues(seed: seed)
    var values = RandomValues.awkward.map { JSONValue.object(JSONObject([($0, .string($0))])) }
    values = values.filter { value in
      YAMLReader.read(Array(YAMLEmitter.emit(value).utf8)).findings.isEmpty
    }
    #expect(values.count > 150)
    for _ in 0..<400 { values.append(.object(random.object(depth: 4))) }
    let texts = values.map { YAMLEmitter.emit($0) }
    guard let read = try OtherReaders.read(texts, library: library) else {
      // PyYAML is what this project promises for; the others are tried where they are installed.
      if library != .pyyaml { try Test.cancel("python3 has no \(library)") }
      Issue.record("python3 with PyYAML is needed: apt-get install python3-yaml")
      return
    }
    #expect(read.count == values.count)
    for (index, value) in values.enumerated() {
      #expect(simplified(read[index]) == simplified(value), "seed \(seed): \(texts[index])")
    }
  }
}
