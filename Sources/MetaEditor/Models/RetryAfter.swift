/// How long a server asks to wait: the header fields `Retry-After` (RFC 9110, section 10.2.3) and
/// `retry-after-ms`.
enum RetryAfter {
  /// The wait that an answer's header asks for; nil where it asks for none or cannot be read.
  ///
  /// - Parameters:
  ///   - headers: The header fields, their names in lower case.
  ///   - date: Now, in seconds since 1970.
  /// - Returns: 0 or more; a date that has passed is 0.
  static func wait(_ headers: [String: String], date: Double) -> Duration? {
    if let text = headers["retry-after-ms"], let value = number(text) {
      return .seconds(value / 1_000)
    }
    guard let text = headers["retry-after"] else { return nil }
    if let value = number(text) { return .seconds(value) }
    guard let then = HTTPDate.seconds(text, year: year(of: date)) else { return nil }
    return .seconds(min(max(0, then - date), longest))
  }

  /// Longer than anyone waits; durations of any length would overflow when added.
  private static let longest = 1e9

  private static func number(_ text: String) -> Double? {
    let text = text.trimmed
    guard let first = text.utf8.first, (0x30...0x39).contains(first),
      text.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }),
      let value = Double(text), value.isFinite
    else { return nil }
    return min(value, longest)
  }

  private static func year(of date: Double) -> Int {
    guard date.isFinite, date.magnitude < 1e11 else { return 1970 }
    return 1970 + Int(date / 31_556_952)
  }
}

/// The three forms of a date in HTTP (RFC 9110, section 5.6.7).
enum HTTPDate {
  private static let months = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  /// Reads a date.
  ///
  /// - Parameters:
  ///   - text: The date, in any of the three forms.
  ///   - present: The present year: one of two digits is at most 50 years ahead of it.
  /// - Returns: Seconds since 1970; nil for what is no date.
  static func seconds(_ text: String, year present: Int) -> Double? {
    // `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, `Sun Nov  6 08:49:37 1994`
    let parts = text.lowercased().split { $0 == " " || $0 == "," || $0 == "-" }
    guard parts.count == 5 || parts.count == 6 else { return nil }
    let isOld = parts.count == 5
    if !isOld, parts[5] != "gmt", parts[5] != "utc" { return nil }
    let (dayText, monthText) = isOld ? (parts[2], parts[1]) : (parts[1], parts[2])
    let (yearText, timeText) = isOld ? (parts[4], parts[3]) : (parts[3], parts[4])
    guard let day = whole(dayText), (1...31).contains(day),
      let month = months.firstIndex(of: String(monthText)),
      var year = whole(yearText), year <= 9_999
    else { return nil }
    if yearText.count == 2 {
      year += present - present % 100
      if year > present + 50 { year -= 100 }
    }
    let time = timeText.split(separator: ":", omittingEmptySubsequences: false).map(whole)
    guard time.count == 3, let hour = time[0], let minute = time[1], let second = time[2],
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let days = daysSince1970(year: year, month: month + 1, day: day)
    return Double(days * 86_400 + hour * 3_600 + minute * 60 + second)
  }

  private static func whole(_ text: Substring) -> Int? {
    guard (1...4).contains(text.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }

  /// Days in the Gregorian calendar, counted in years that begin in March, so that the leap day
  /// comes last.
  private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
    let shifted = month <= 2 ? year - 1 : year
    let monthFromMarch = (month + 9) % 12
    let daysBeforeMonth = (153 * monthFromMarch + 2) / 5
    let leapDays = shifted / 4 - shifted / 100 + shifted / 400
    return 365 * shifted + leapDays + daysBeforeMonth + day - 1 - 719_468
  }
}
