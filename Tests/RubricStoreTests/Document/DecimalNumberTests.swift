import RubricStore
import Testing

@Suite struct DecimalNumberTests {
  /// The short way for short numbers gives what the long way gives, to the last bit.
  @Test func shortNumbersAreTheNearestDoubles() throws {
    try forAll { make in
      var text = ""
      for _ in 0..<1 + make.random.below(17) {
        text += make.random.chance(8) ? "." : String(make.random.below(10))
      }
      let reading = DecimalNumber.parse(text)
      let digits = text.filter { $0 != "." }
      let integer = text.prefix { $0 != "." }
      let points = text.count - digits.count
      if points > 1 || digits.isEmpty {
        try #require(reading == .notNumber, "\(text)")
      } else if integer.count > 1, integer.first == "0" {
        try #require(reading == .leadingZero, "\(text)")
      } else {
        let value = try #require(Double(text), "\(text)")
        let expected: DecimalNumber.Reading =
          value > DecimalNumber.limit ? .tooLarge : .value(value)
        try #require(reading == expected, "\(text): \(reading)")
      }
    }
  }

  @Test func oddNumbers() {
    #expect(DecimalNumber.parse("") == .notNumber)
    #expect(DecimalNumber.parse(".") == .notNumber)
    #expect(DecimalNumber.parse("1.") == .value(1))
    #expect(DecimalNumber.parse(".5") == .value(0.5))
    #expect(DecimalNumber.parse("0.1") == .value(0.1))
    #expect(DecimalNumber.parse("-0.1") == .value(-0.1))
    #expect(DecimalNumber.parse("00.5") == .leadingZero)
    #expect(DecimalNumber.parse("1000000000000") == .value(1e12))
    #expect(DecimalNumber.parse("1000000000000.1") == .tooLarge)
    #expect(DecimalNumber.parse("0.00000000000001") == .value(1e-14))
    #expect(DecimalNumber.parse("1.2.3") == .notNumber)
  }
}
