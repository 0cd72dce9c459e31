import Glibc

/// A stream of numbers that its seed and its names decide: SplitMix64.
///
/// Arms that draw for the same purpose, at the same step, draw the same: what differs between them
/// is what they learnt.
struct Stream: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// A stream for one purpose.
  func named(_ names: UInt64...) -> Stream {
    var stream = self
    for name in names { stream = Stream(seed: stream.next() ^ (name &* 0xd6e8_feb8_6659_fd93)) }
    return stream
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// A number in 0..<1.
  mutating func uniform() -> Double { Double(next() >> 11) / Double(1 << 53) }

  /// A whole number in 0..<`count`.
  mutating func index(below count: Int) -> Int {
    min(count - 1, Int(uniform() * Double(count)))
  }

  /// A number of the standard normal distribution, by Box and Muller (1958).
  mutating func normal() -> Double {
    let radius = sqrt(-2 * log(1 - uniform()))
    return radius * cos(2 * Double.pi * uniform())
  }
}

/// What draws are for.
enum Purpose {
  static let prompt: UInt64 = 1
  static let moves: UInt64 = 2
  static let judge: UInt64 = 3
  static let marker: UInt64 = 4
}

extension Double {
  /// The number, or the nearest bound where it is outside 0 to 1.
  var inUnit: Double { Swift.min(1, Swift.max(0, self)) }
}
