import Glibc

/// Chance that a seed decides: `RUBRIC_SEED`, or the same one each time.
///
/// A failure names it.
struct TestRandom: RandomNumberGenerator {
  static let seed = getenv("RUBRIC_SEED").flatMap { UInt64(String(cString: $0)) } ?? 20_260_101
  private var state: UInt64

  init(_ stream: UInt64 = 0) { state = Self.seed &+ stream &* 0x9e37_79b9_7f4a_7c15 }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
