/// The hash of Fowler, Noll and Vo in its variant 1a, of 64 bits.
///
/// The same on every machine, for what must not change from run to run. It is no defence against
/// anybody.
struct FNV1a {
  /// The hash of what was taken in.
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  mutating func update(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }

  mutating func update(_ bytes: some Sequence<UInt8>) { for byte in bytes { update(byte) } }

  /// The hash of a text's UTF-8 bytes.
  static func hash(_ text: String) -> UInt64 {
    var hash = FNV1a()
    hash.update(text.utf8)
    return hash.value
  }
}
