/// Points in time as RFC 3339 writes them, in the Gregorian calendar.
package enum Timestamp {
  /// Returns `2026-01-31T09:05:00+01:00`, or with `Z` where the offset is 0.
  ///
  /// - Parameters:
  ///   - seconds: Since 1970-01-01 00:00 UTC, 0..<2^40.
  ///   - offset: Minutes east of UTC.
  /// - Returns: The text, to the second.
  package static func text(_ seconds: Int64, offsetMinutes offset: Int = 0) -> String {
    let local = seconds + Int64(offset) * 60
    let days = Int((local / 86_400) - (local % 86_400 < 0 ? 1 : 0))
    let rest = Int(local) - days * 86_400
    let (year, month, day) = civil(days)
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let zone =
      offset == 0
      ? "Z" : "\(offset < 0 ? "-" : "+")\(two(abs(offset) / 60)):\(two(abs(offset) % 60))"
    return "\(year)-\(two(month))-\(two(day))T\(two(rest / 3_600)):\(two(rest / 60 % 60)):"
      + "\(two(rest % 60))\(zone)"
  }

  /// Reads what ``text(_:offsetMinutes:)`` writes, with a fraction of a second or without, which is
  /// dropped; nil for anything else and for years before 1970 or after 9999.
  package static func seconds(_ text: String) -> Int64? {
    let bytes = Array(text.utf8)
    func number(_ range: Range<Int>) -> Int? {
      guard range.upperBound <= bytes.count else { return nil }
      var value = 0
      for byte in bytes[range] {
        guard (0x30...0x39).contains(byte) else { return nil }
        value = value * 10 + Int(byte) - 0x30
      }
      return value
    }
    func mark(_ index: Int, _ mark: Unicode.Scalar) -> Bool {
      index < bytes.count && bytes[index] == UInt8(ascii: mark)
    }
    guard let year = number(0..<4), mark(4, "-"), let month = number(5..<7), mark(7, "-"),
      let day = number(8..<10), mark(10, "T"), let hour = number(11..<13), mark(13, ":"),
      let minute = number(14..<16), mark(16, ":"), let second = number(17..<19),
      year >= 1970, (1...12).contains(month), hour < 24, minute < 60, second <= 60,
      (1...length(of: month, year)).contains(day)
    else { return nil }
    var end = 19
    if mark(end, ".") {
      end += 1
      let digits = bytes[end...].prefix { (0x30...0x39).contains($0) }.count
      guard digits > 0 else { return nil }
      end += digits
    }
    var offset = 0
    if mark(end, "Z") {
      guard bytes.count == end + 1 else { return nil }
    } else {
      guard mark(end, "+") || mark(end, "-"), let hours = number(end + 1..<end + 3),
        mark(end + 3, ":"), let minutes = number(end + 4..<end + 6), bytes.count == end + 6,
        hours < 24, minutes < 60
      else { return nil }
      offset = (hours * 60 + minutes) * (mark(end, "-") ? -1 : 1)
    }
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second
    return Int64(seconds - offset * 60)
  }

  private static func length(of month: Int, _ year: Int) -> Int {
    switch month {
    case 2:
      year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // Days are counted from 0000-03-01, so that a leap day is the last of its year; 400 years are an
  // era, and 719,468 days lie before 1970-01-01.
  private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }
}
