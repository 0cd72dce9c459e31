import RubricStore
import Testing

@Suite struct CanonicalNumberTests {
  @Test(
    arguments: [
      (0, "0"), (-0.0, "0"), (3, "3"), (-12, "-12"), (0.25, "0.25"), (0.1, "0.1"),
      (-0.001, "-0.001"),
      (0.0001, "0.0001"), (0.00001, "1.0e-05"), (1.5e-7, "1.5e-07"), (1e21, "1.0e+21"),
      (1e16, "1.0e+16"),
      (1e15, "1000000000000000.0"), (999_999_999_999_999, "999999999999999"),
      (1_234_567_890_123_456, "1234567890123456.0"), (.leastNonzeroMagnitude, "5.0e-324"),
      (1e100, "1.0e+100"),
      (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"), (12345.678, "12345.678"),
      (-2.5e-10, "-2.5e-10"), (9_007_199_254_740_992, "9007199254740992.0"), (100.5, "100.5"),
    ] as [(Double, String)]) func text(_ value: Double, _ text: String)
  {
    #expect(CanonicalNumber.text(value) == text)
  }

  @Test func everyNumberIsReadBack() {
    var random = RandomValues(seed: 7)
    for _ in 0..<20_000 {
      let value = random.number()
      let text = CanonicalNumber.text(value)
      #expect(Double(text) == value)
      #expect(
        ScalarResolution(plain: CanonicalNumber.fractionalText(value)) == .value(.number(value)))
    }
  }

  @Test func infinitiesDoNotTrap() {
    #expect(CanonicalNumber.text(.nan) == ".nan")
    #expect(CanonicalNumber.text(-.infinity) == "-.inf")
  }
}
