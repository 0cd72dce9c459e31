// Texts are looked through byte by byte wherever a rule can be told from bytes: a loop over bytes
// costs a fraction of one over characters, and nearly every text keeps nearly every rule.
extension String {
  /// Calls `body` with the UTF-8 bytes, which are not copied.
  @inline(__always)
  func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    // Only a string that another language lends has no storage of its own.
    return Array(utf8).withUnsafeBufferPointer(body)
  }

  /// The number of Unicode scalars.
  ///
  /// - Complexity: O(*n*), some bytes at a time.
  var scalarCount: Int {
    withBytes { bytes in
      var count = 0
      for byte in bytes { count &+= byte & 0xC0 == 0x80 ? 0 : 1 }
      return count
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// Whether both hold the same bytes; both must hold as many.
  func hasSameBytes(as other: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let left = baseAddress, let right = other.baseAddress, left != right else { return true }
    let leftBytes = UnsafeRawPointer(left)
    let rightBytes = UnsafeRawPointer(right)
    var offset = 0
    while offset &+ 8 <= count {
      let word = leftBytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      let otherWord = rightBytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      if word != otherWord { return false }
      offset &+= 8
    }
    while offset < count {
      if self[offset] != other[offset] { return false }
      offset &+= 1
    }
    return true
  }
}
