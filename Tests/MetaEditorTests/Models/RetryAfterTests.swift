import Testing

@testable import MetaEditor

@Suite struct RetryAfterTests {
  /// 6 November 1994, 08:49:37: the date of RFC 9110's examples.
  private static let date = 784_111_777.0

  @Test(arguments: [
    "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
  ]) func readsAllFormsOfADate(_ text: String) {
    #expect(HTTPDate.seconds(text, year: 1994) == Self.date)
    #expect(RetryAfter.wait(["retry-after": text], date: Self.date - 30) == .seconds(30))
  }

  @Test(arguments: [
    ("Thu, 01 Jan 1970 00:00:00 GMT", 0), ("Tue, 29 Feb 2000 00:00:00 GMT", 951_782_400),
    ("Fri, 31 Dec 1999 23:59:60 GMT", 946_684_800),
    ("Mon, 01 Mar 2100 00:00:00 GMT", 4_107_542_400),
    ("Fri, 31 Dec 9999 23:59:59 GMT", 253_402_300_799.0),
  ]) func countsDays(_ text: String, _ seconds: Double) {
    #expect(HTTPDate.seconds(text, year: 2026) == seconds)
  }

  @Test func aYearOfTwoDigitsIsNear() {
    #expect(HTTPDate.seconds("Sunday, 06-Nov-94 08:49:37 GMT", year: 2026) == Self.date)
    let near = HTTPDate.seconds("Sunday, 06-Nov-27 08:49:37 GMT", year: 2026) ?? 0
    #expect((1.8e9..<1.9e9).contains(near))
  }

  @Test(arguments: [
    "", " ", "-1", "soon", "1e3", "nan", "inf", "0x10", ".5", "1.2.3", "Sun, 06 Nov 1994",
    "Sun, 06 Xxx 1994 08:49:37 GMT", "Sun, 00 Nov 1994 08:49:37 GMT",
    "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
    "Sun, 06 Nov 99999999999999999999 08:49:37 GMT", "Sun, 06 Nov 1994 +8:49:37 GMT",
  ]) func passesOverWhatIsNone(_ text: String) {
    #expect(RetryAfter.wait(["retry-after": text], date: Self.date) == nil)
  }

  @Test(arguments: [("0", 0), ("7", 7), (" 12 ", 12), ("1.5", 1.5)])
  func readsSeconds(_ text: String, _ seconds: Double) {
    #expect(RetryAfter.wait(["retry-after": text], date: 0) == .seconds(seconds))
  }

  @Test func isNeverBelowZeroAndNeverEndless() throws {
    let past = "Sun, 06 Nov 1994 08:49:37 GMT"
    #expect(RetryAfter.wait(["retry-after": past], date: 1.7e9) == .zero)
    for text in ["99999999999999999999999", "Fri, 31 Dec 9999 23:59:59 GMT"] {
      let wait = try #require(RetryAfter.wait(["retry-after": text], date: 0))
      #expect(wait <= .seconds(1_000_000_000))
    }
    for date in [Double.nan, .infinity, -.infinity, 1e300] {
      _ = RetryAfter.wait(["retry-after": past], date: date)
    }
  }

  @Test func millisecondsComeFirst() {
    let headers = ["retry-after": "9", "retry-after-ms": "250"]
    #expect(RetryAfter.wait(headers, date: 0) == .milliseconds(250))
  }
}
