import RubricStore
import Testing

@Suite struct ScalarResolutionTests {
  @Test(
    arguments: [
      ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("nUll", "nUll"), ("true", true),
      ("FALSE", false),
      ("yes", "yes"), ("1", 1), ("-1", -1), ("+1", 1), ("014", 14), ("0o14", 12), ("0x1f", 31),
      ("-0x1f", "-0x1f"),
      ("0b1", "0b1"), ("1_000", "1_000"), ("12:30", "12:30"), ("1.5", 1.5), (".5", 0.5),
      ("5.", 5.0),
      ("1e3", 1000.0), ("1E-3", 0.001), ("-.5e+1", -5.0), ("1e", "1e"), (".", "."), ("-", "-"),
      ("+.e3", "+.e3"),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      ("2001-01-01", "2001-01-01"), ("0x", "0x"), ("0o8", "0o8"), ("1 ", "1 "), ("١", "١"),
      ("inf", "inf"),
      ("nan", "nan"), ("0x1p3", "0x1p3"), ("+.nan", "+.nan"),
    ] as [(String, JSONValue)]) func core(_ text: String, _ value: JSONValue)
  {
    #expect(ScalarResolution(plain: text) == .value(value))
  }

  @Test(arguments: [".inf", "-.Inf", "+.INF", ".nan", ".NaN", "1e400", "-1e400"])
  func notFinite(_ text: String) {
    #expect(ScalarResolution(plain: text) == .nonFinite)
  }

  @Test(arguments: ["9223372036854775808", "0x8000000000000000", "-99999999999999999999"])
  func tooLarge(_ text: String) {
    #expect(ScalarResolution(plain: text) == .outOfRange)
  }

  @Test(arguments: [
    "3 apples", "a", "essay", "v1.2", "a-b", "1st", "Yes please", "none", "10x faster", "+ x",
    "- x", ".x", "nan",
  ]) func plainText(_ text: String) {
    #expect(!ScalarResolution.isAmbiguous(text))
  }

  @Test(arguments: [
    "", "~", "yes", "NO", "On", "y", "0o14", "014", "0b1", "1_000", "12:30", "2001-01-01", "=",
    "<<", ".inf",
    "-.INF", "1e3", "1.", "+1", "0x1F", "2001-12-14 21:59:43.10 -5", "1,000",
  ]) func ambiguousText(_ text: String) {
    #expect(ScalarResolution.isAmbiguous(text))
  }
}
