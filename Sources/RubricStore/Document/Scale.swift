/// The verdicts that the judge may give for a criterion.
public enum Scale: Hashable, Sendable {
  /// Not met (0) or met (1).
  case binary
  /// One of at least two described values, in the order in which the judge reads them.
  case levels([Level])
  /// A number in a range, with described values in it where the rubric has such.
  case numeric(NumericRange, levels: [Level])

  /// The described values, in the order in which the judge reads them.
  public var levels: [Level] {
    switch self {
    case .binary: []
    case .levels(let levels), .numeric(_, let levels): levels
    }
  }

  /// The lowest and the highest verdict, or nil where the scale is not valid.
  public var bounds: (min: Double, max: Double)? {
    switch self {
    case .binary: return (0, 1)
    case .numeric(let range, _): return range.min < range.max ? (range.min, range.max) : nil
    case .levels(let levels):
      guard let low = levels.map(\.value).min(), let high = levels.map(\.value).max(), low < high
      else { return nil }
      return (low, high)
    }
  }

  /// The scale with other described values.
  ///
  /// - Parameter levels: The new values; a binary scale stays as it is.
  /// - Returns: The scale with them.
  package func with(levels: [Level]) -> Scale {
    switch self {
    case .binary: .binary
    case .levels: .levels(levels)
    case .numeric(let range, _): .numeric(range, levels: levels)
    }
  }
}

/// A range of numbers, both ends included.
public struct NumericRange: Hashable, Sendable {
  /// The lowest verdict, below ``max``.
  public var min: Double
  /// The highest verdict.
  public var max: Double
  /// The distance of two neighbouring verdicts, counted from ``min``; nil for any number between.
  public var step: Double?

  /// Creates a range.
  public init(min: Double, max: Double, step: Double? = nil) {
    self.min = min
    self.max = max
    self.step = step
  }

  /// Whether `value` lies in the range and, where there is a step, on one.
  ///
  /// A billionth of a step is allowed for, since a step such as 0.1 has no exact double.
  public func contains(_ value: Double) -> Bool {
    guard value >= min, value <= max else { return false }
    guard let step, step > 0 else { return true }
    let steps = (value - min) / step
    return (steps - steps.rounded()).magnitude <= 1e-9 * Swift.max(1, steps.magnitude)
  }
}

/// One described value of a scale.
public struct Level: Hashable, Sendable {
  /// The value, distinct in its scale.
  public var value: Double
  /// A short name: "excellent".
  @Verbatim public var label: String
  /// What earns this value, in words.
  @Verbatim public var text: String
  /// Examples of it, distinct, in the order in which the judge reads them.
  @Verbatim public var examples: [String]

  /// Creates a level.
  public init(value: Double, label: String = "", text: String = "", examples: [String] = []) {
    self.value = value
    self.label = label
    self.text = text
    self.examples = examples
  }
}
