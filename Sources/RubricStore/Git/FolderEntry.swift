internal import Glibc

extension UnsafeMutablePointer<dirent> {
  /// The bytes of an entry's name.
  ///
  /// The system's record ends with the name, before its type does: copied as a whole, it is read past
  /// the end of what was allocated.
  var nameBytes: [UInt8] {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
    let name = UnsafeRawPointer(self) + offset
    return Array(
      UnsafeRawBufferPointer(
        start: name, count: strlen(name.assumingMemoryBound(to: CChar.self))))
  }
}
