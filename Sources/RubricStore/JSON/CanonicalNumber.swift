/// The one way in which a number is written, in YAML and in JSON.
package enum CanonicalNumber {
  /// Returns the shortest text that every reader of YAML 1.1, YAML 1.2 and JSON reads as `value`.
  ///
  /// A whole number below 10^15 has neither point nor exponent: `3`; negative zero is `0`. Another
  /// is written in decimal, `0.25`, where 10^-4 ≤ |value| < 10^16, and otherwise with a point, an
  /// exponent, its sign and at least two digits: `1.0e+21`, `1.5e-07`. The value is to be finite;
  /// otherwise the text is YAML's `.nan`, `.inf` or `-.inf`, which JSON does not know.
  package static func text(_ value: Double) -> String {
    if value.magnitude < 1e15, value == value.rounded(.towardZero) { return String(Int(value)) }
    guard value.isFinite else { return value.isNaN ? ".nan" : value < 0 ? "-.inf" : ".inf" }
    let (digits, exponent) = decimal(value.magnitude)
    let sign = value < 0 ? "-" : ""
    if exponent < -4 || exponent >= 16 {
      let fraction = digits.count > 1 ? String(digits.dropFirst()) : "0"
      let size = String(exponent.magnitude)
      let power = (exponent < 0 ? "-" : "+") + (size.utf8.count < 2 ? "0" : "") + size
      return "\(sign)\(digits.prefix(1)).\(fraction)e\(power)"
    }
    if exponent < 0 {
      return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
    }
    let whole = digits.prefix(exponent + 1)
    let zeros = String(repeating: "0", count: exponent + 1 - whole.count)
    let fraction = digits.dropFirst(exponent + 1)
    return "\(sign)\(whole)\(zeros).\(fraction.isEmpty ? "0" : fraction)"
  }

  /// The same for a number that must not be read back as an integer: `3.0`.
  package static func fractionalText(_ value: Double) -> String {
    let text = text(value)
    return text.utf8.contains(UInt8(ascii: ".")) ? text : text + ".0"
  }

  /// The shortest digits d₁d₂… and the power of ten e of a positive number: d₁.d₂… × 10^e.
  private static func decimal(_ value: Double) -> (digits: Substring, exponent: Int) {
    // The standard library's description has the shortest digits that read back as the value.
    let parts = value.description.split(separator: "e")
    let mantissa = parts.first.map { String($0) } ?? ""
    let halves = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let whole = halves.first ?? ""
    let digits = whole + (halves.count > 1 ? halves[1] : "")
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    let leading = digits.prefix { $0 == "0" }.count
    let significant = digits.dropFirst(leading)
    let trailing = significant.reversed().prefix { $0 == "0" }.count
    return (
      Substring(significant.dropLast(trailing)), power + whole.count - 1 - leading
    )
  }
}
