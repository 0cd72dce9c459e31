import RubricStore
import Testing

@Suite struct JSONReaderTests {
  @Test(
    arguments: [
      ("null", .null), (" true ", true), ("-0", 0), ("12", 12), ("1.0", .number(1)),
      ("1e2", .number(100)),
      ("1E+2", .number(100)), ("\"a\\u00e9\\n\\/\"", "a\u{E9}\n/"),
      ("\"\\ud83d\\ude00\"", "\u{1F600}"),
      ("[]", []), ("{}", [:]), ("[1, [2], {\"a\": \"b\"}]", [1, [2], ["a": "b"]]),
      ("\"null\"", "null"),
      ("\u{FEFF}1", 1), ("\"\\u0085\\t\"", "\u{85}\t"), ("1e-400", .number(0)),
    ] as [(String, JSONValue)]) func values(_ text: String, _ value: JSONValue) throws
  {
    #expect(try JSONValue(parsing: text) == value)
  }

  @Test(arguments: [
    ("", "1:1 syntax"), ("tru", "1:1 syntax"), ("[1,]", "1:4 syntax"), ("{\"a\":1,}", "1:8 syntax"),
    ("[1 2]", "1:4 syntax"), ("{a: 1}", "1:2 syntax"), ("'a'", "1:1 syntax"), ("01", "1:1 syntax"),
    ("1.", "1:3 syntax"), (".5", "1:1 syntax"), ("+1", "1:1 syntax"), ("1e", "1:3 syntax"),
    ("-", "1:2 syntax"),
    ("NaN", "1:1 syntax"), ("1 2", "1:3 syntax"), ("\"a", "1:1 syntax"), ("\"\\x\"", "1:2 syntax"),
    ("\"\\ud800\"", "1:2 syntax"), ("\"\\ud800\\u0041\"", "1:2 syntax"),
    ("\"\\udc00\"", "1:2 syntax"),
    ("\"\\u12g4\"", "1:6 syntax"), ("[\n\"é\", \"\\u0000\"]", "2:7 control_character"),
    ("\"\\b\"", "1:2 control_character"), ("\"a\nb\"", "1:3 control_character"),
    ("\"\u{1}\"", "1:2 control_character"), ("{\"a\":1,\n\"a\":2}", "2:1 duplicate_key"),
    ("1e400", "1:1 invalid_value"), ("123456789012345678901", "1:1 invalid_value"),
    ("/**/1", "1:1 syntax"),
    ("{\"a\" 1}", "1:6 syntax"), ("{\"a\":1", "1:7 syntax"), ("[", "1:2 syntax"),
    ("{", "1:2 syntax"),
  ]) func refused(_ text: String, _ expected: String) {
    do throws(SyntaxError) {
      let value = try JSONValue(parsing: text)
      Issue.record("read as \(value)")
    } catch {
      let found = error.findings.map {
        "\($0.mark?.line ?? 0):\($0.mark?.column ?? 0) \($0.code.rawValue)"
      }
      #expect(found == [expected])
    }
  }

  @Test func depthIsBounded() {
    let open = String(repeating: "[", count: 1_000_000)
    #expect(JSONReader.read(Array(open.utf8)).findings.map(\.code) == [.limit])
    let depth = Limits.nodeDepth
    let deepest = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    #expect(JSONReader.read(Array(deepest.utf8)).findings.isEmpty)
  }

  @Test func writing() {
    let value: JSONValue = [
      "a": [1, 2.5, 3.0, .null, true], "b\"\\": "\u{85}\u{2028}é\n\u{1}/", "c": [:],
      "d": [["e": []]],
    ]
    #expect(
      value.jsonText
        == #"{"a":[1,2.5,3.0,null,true],"b\"\\":"\u0085\u2028é\n\u0001/","c":{},"d":[{"e":[]}]}"#)
    #expect(
      JSONWriter.pretty(value) == #"""
        {
          "a": [
            1,
            2.5,
            3.0,
            null,
            true
          ],
          "b\"\\": "\u0085\u2028é\n\u0001/",
          "c": {},
          "d": [
            {
              "e": []
            }
          ]
        }
        """#)
  }

  @Test(arguments: 0..<20 as Range<UInt64>) func readingBackGivesTheSame(seed: UInt64) throws {
    var random = RandomValues(seed: seed)
    for _ in 0..<50 {
      let value = random.value(depth: 4)
      #expect(try JSONValue(parsing: JSONWriter.compact(value)) == value, "seed \(seed)")
      #expect(try JSONValue(parsing: JSONWriter.pretty(value)) == value, "seed \(seed)")
    }
  }

  /// A large text on one line, with characters of several bytes: marks must not cost a walk each.
  @Test func longLinesAreReadInLinearTime() {
    let text = "[" + Array(repeating: "\"é\"", count: 200_000).joined(separator: ",") + "]"
    #expect(JSONReader.read(Array(text.utf8)).findings.isEmpty)
    #expect(YAMLReader.read(Array(text.utf8)).findings.isEmpty)
  }
}
