/// SplitMix64 (Steele, Lea and Flood, 2014): a small generator whose run is fixed by its seed.
package struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates a generator.
  package init(seed: UInt64) { state = seed }

  /// The next 64 bits.
  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// A number that another decides, evenly spread: the generator's last steps.
  package static func mixed(_ value: UInt64) -> UInt64 {
    var mixed = value
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0..<1, one of 2^53 evenly spaced.
  package mutating func unit() -> Double { Double(next() >> 11) / Double(1 << 53) }

  /// A number of the standard normal distribution.
  package mutating func normal() -> Double {
    Statistics.normalQuantile((Double(next() >> 12) + 0.5) / Double(1 << 52))
  }
}
