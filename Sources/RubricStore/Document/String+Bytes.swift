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

  /// Whether its UTF-8 bytes come before those of `other`.
  func precedes(_ other: String) -> Bool {
    withBytes { left in
      other.withBytes { right in
        let common = min(left.count, right.count)
        var index = 0
        while index < common, left[index] == right[index] { index &+= 1 }
        return index < common ? left[index] < right[index] : left.count < right.count
      }
    }
  }

  /// The number of Unicode scalars.
  ///
  /// - Complexity: O(*n*), some bytes at a time.
  var scalarCount: Int {
    withBytes { bytes in
      var index = bytes.endOfPrintable(from: 0)
      var scalars = index
      while index < bytes.count {
        // Every byte but a continuation begins a scalar.
        scalars &+= bytes[index] & 0xC0 == 0x80 ? 0 : 1
        index &+= 1
      }
      return scalars
    }
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The first index, from `start` on, of a byte that is no printable ASCII character; the count where
  /// all are.
  func endOfPrintable(from start: Int) -> Int {
    guard let baseAddress else { return 0 }
    let bytes = UnsafeRawPointer(baseAddress)
    let ones: UInt64 = 0x0101_0101_0101_0101
    let tops = ones &* 0x80
    var index = start
    while index &+ 8 <= count {
      let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      // A subtraction borrows into the top bit of a byte that is too small, and only of such a one
      // and of those above it.
      let isControl = (word &- ones &* 0x20) & ~word
      let deletes = word ^ (ones &* 0x7F)
      let isDelete = (deletes &- ones) & ~deletes
      guard (isControl | isDelete | word) & tops == 0 else { break }
      index &+= 8
    }
    while index < count, self[index] >= 0x20, self[index] < 0x7F { index &+= 1 }
    return index
  }

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
