/// Numbers and lists as they stand in rationales.
enum StatisticText {
  /// A number with two digits behind the point, the minus a minus.
  static func number(_ value: Double) -> String { fixed(value, 2) }

  /// `0.81 [0.76, 0.85]`.
  static func estimate(_ estimate: Estimate) -> String {
    "\(number(estimate.value)) [\(number(estimate.lower)), \(number(estimate.upper))]"
  }

  /// `93.1 % [90.2 %, 95.3 %]`.
  static func share(_ estimate: Estimate) -> String {
    "\(percent(estimate.value)) [\(percent(estimate.lower)), \(percent(estimate.upper))]"
  }

  /// A share in hundredths.
  static func percent(_ share: Double) -> String { fixed(100 * share, 1) + " %" }

  /// `1 rollout`, `2 rollouts`.
  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// How sure the intervals are: `95 % intervals, together over 12 (Bonferroni)`.
  static func intervals(_ confidence: Confidence) -> String {
    let level = fixed(100 * min(max(confidence.level, 0), 1), 1)
    let percent = level.hasSuffix(".0") ? String(level.dropLast(2)) : level
    let one = "\(percent) % intervals"
    return confidence.comparisons > 1
      ? "\(one), together over \(confidence.comparisons) (Bonferroni)" : one
  }

  /// `a`, `b` and 3 more.
  static func list(_ ids: [String]) -> String {
    let quoted = ids.prefix(3).map { "`\($0)`" }
    if ids.count > 3 { return quoted.joined(separator: ", ") + " and \(ids.count - 3) more" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }

  /// The text as a sentence: with a capital and a full stop.
  static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  private static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite, value.magnitude < 1e12 else { return "\(value)" }
    let unit = digits == 2 ? 100 : 10
    let scaled = Int((value.magnitude * Double(unit)).rounded())
    let fraction = String(scaled % unit)
    let zeros = String(repeating: "0", count: digits - fraction.utf8.count)
    let sign = value < 0 && scaled > 0 ? "−" : ""
    return "\(sign)\(scaled / unit).\(zeros)\(fraction)"
  }
}
