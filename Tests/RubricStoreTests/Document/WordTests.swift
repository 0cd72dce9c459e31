import RubricStore
import Testing

/// Ids, suggestions, numbers, and text that is compared byte by byte.
@Suite struct WordTests {
  @Test(arguments: [
    "a", "0", "a-b", "a_b", "a.b", "a--b", "1e3", String(repeating: "x", count: Limits.idBytes),
  ]) func ids(_ text: String) {
    #expect(CriterionID(rawValue: text)?.rawValue == text)
    #expect(RubricID(rawValue: text) != nil)
  }

  @Test(arguments: [
    "", "-a", "a-", ".a", "a.", "_a", "A", "a b", "a/b", "é", "a\n", "..", "a\u{0}",
    String(repeating: "x", count: Limits.idBytes + 1),
  ]) func noIDs(_ text: String) {
    #expect(CriterionID(rawValue: text) == nil)
    #expect(RubricID(rawValue: text) == nil)
  }

  @Test(arguments: [
    ("Does it flow?", "does-it-flow"), ("  A -- B  ", "a-b"), ("(10 points)", "10-points"),
    ("été", "t"), ("日本", nil), ("", nil), ("---", nil), ("Ünïcode x", "n-code-x"),
    (String(repeating: "ab ", count: 100), String(repeating: "ab-", count: 21) + "a"),
    (String(repeating: "x", count: 63) + "- y", String(repeating: "x", count: 63)),
  ]) func idsMadeOfText(_ text: String, _ id: String?) {
    #expect(CriterionID.made(from: text)?.rawValue == id)
    if let id { #expect(CriterionID.isValid(id)) }
  }

  @Test func idsAreOrderedByBytes() {
    #expect(
      (["b", "a.", "a-", "a", "0", "a_"] as [CriterionID]).sorted() == [
        "0", "a", "a-", "a.", "a_", "b",
      ])
  }

  @Test(arguments: [
    ("wieght", "weight"), ("Weight", "weight"), ("weigth", "weight"), ("texts", "text"),
    ("polarty", "polarity"), ("colour", nil), ("", nil), ("weight", nil), ("x", nil),
    (String(repeating: "w", count: 65), nil),
  ]) func nearest(_ word: String, _ found: String?) {
    let keys = ["id", "title", "text", "weight", "polarity", "tags"]
    #expect(Suggestion.nearest(word, among: keys) == found)
  }

  @Test func suggestionsInWords() {
    #expect(Suggestion.didYouMean("wieght", among: ["weight"]) == "did you mean `weight`?")
    #expect(Suggestion.list([]) == "")
    #expect(Suggestion.list(["a"]) == "`a`")
    #expect(Suggestion.list(["a", "b"]) == "`a` or `b`")
    #expect(Suggestion.list(["a", "b", "c"], conjunction: "and") == "`a`, `b` and `c`")
  }

  @Test(
    arguments: [
      ("0", .value(0)), ("-0", .value(0)), ("-0.0", .value(0)), ("7", .value(7)), ("+3", .value(3)),
      ("-3", .value(-3)), ("1.", .value(1)), (".5", .value(0.5)), ("-.5", .value(-0.5)),
      ("1e3", .value(1_000)), ("1E+3", .value(1_000)), ("1e-3", .value(0.001)),
      ("0.10", .value(0.1)),
      ("123456789", .value(123_456_789)), ("1234567890", .value(1_234_567_890)),
      ("1000000000000", .value(1e12)), ("1000000000001", .tooLarge), ("-1e13", .tooLarge),
      ("1e308", .tooLarge), ("1e309", .notFinite), ("-1e99999999999999999999", .notFinite),
      ("1e-400", .value(0)), ("1e-99999999999999999999", .value(0)), ("0e99999999999", .value(0)),
      ("012", .leadingZero), ("-012", .leadingZero), ("00", .leadingZero), ("01.5", .leadingZero),
      ("08", .leadingZero), ("0.5", .value(0.5)), (".nan", .notFinite), ("NaN", .notFinite),
      ("-.Inf", .notFinite), ("Infinity", .notFinite), ("+inf", .notFinite), ("", .notNumber),
      (".", .notNumber), ("-", .notNumber), ("+-1", .notNumber), ("1e", .notNumber),
      ("1e+", .notNumber), ("e5", .notNumber), ("1_000", .notNumber), ("0x10", .notNumber),
      ("0o7", .notNumber), ("12:30", .notNumber), ("1 ", .notNumber), (" 1", .notNumber),
      ("1,5", .notNumber), ("1.2.3", .notNumber), ("٣", .notNumber), ("1e5.0", .notNumber),
    ] as [(String, DecimalNumber.Reading)]) func decimalNumber(
      _ text: String, _ reading: DecimalNumber.Reading
    )
  {
    #expect(DecimalNumber.parse(text) == reading)
  }

  @Test func manyDigits() {
    let digits = String(repeating: "9", count: 100_000)
    #expect(DecimalNumber.parse(digits) == .notFinite)
    #expect(DecimalNumber.parse("0.\(digits)") == .value(1))
    #expect(DecimalNumber.parse("-0.\(digits)x") == .notNumber)
  }

  @Test func verbatim() {
    let (composed, decomposed) = ("caf\u{E9}", "cafe\u{301}")
    #expect(composed == decomposed)
    #expect(!composed.isVerbatim(decomposed))
    #expect(Verbatim(wrappedValue: composed) != Verbatim(wrappedValue: decomposed))
    #expect(Set([composed, decomposed].map(Verbatim.init(wrappedValue:))).count == 2)
    #expect(!["a", composed].isVerbatim(["a", decomposed]))
    #expect(!["ab", "c"].isVerbatim(["a", "bc"]))
    #expect(Verbatim(wrappedValue: ["ab", "c"]) != Verbatim(wrappedValue: ["a", "bc"]))
    #expect(Verbatim(wrappedValue: String?.none) != Verbatim(wrappedValue: .some("")))
    #expect((nil as String?).isVerbatim(nil))
    #expect("\r\n".isVerbatim("\r\n") && !"\r\n".isVerbatim("\n"))
    #expect(JSONValue.string(composed) != .string(decomposed))
    var object = JSONObject([(composed, 1), (decomposed, 2)])
    #expect(object.members.count == 2)
    object[composed] = nil
    #expect(object.members.map(\.value) == [2])
  }
}
