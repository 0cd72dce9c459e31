internal import CLibGit2

/// A zlib stream that is being decompressed from memory.
struct Inflation: ~Copyable {
  /// Why a stream cannot be decompressed.
  enum Failure: Error {
    case outOfMemory
    /// The input ends before the stream does.
    case cutShort
    /// The input is no zlib stream, or has been changed.
    case damaged
  }

  // zlib keeps the stream's address, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  /// Whether the stream's end, with its checksum, was reached.
  private(set) var isAtEnd = false

  /// Starts on input that outlives this value.
  init(_ input: UnsafeBufferPointer<UInt8>) throws(Failure) {
    stream = try Self.start(input)
  }

  private static func start(
    _ input: UnsafeBufferPointer<UInt8>
  ) throws(Failure) -> UnsafeMutablePointer<z_stream> {
    guard let size = uInt(exactly: input.count) else { throw .outOfMemory }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
    stream.pointee.avail_in = size
    guard inflateInit_(stream, ZLIB_VERSION, CInt(MemoryLayout<z_stream>.size)) == Z_OK else {
      stream.deallocate()
      throw .outOfMemory
    }
    return stream
  }

  deinit {
    inflateEnd(stream)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  /// Whether input follows the stream's end.
  var hasMoreInput: Bool { stream.pointee.avail_in > 0 }

  /// Decompresses until the stream ends or `output` is full, and returns how many bytes it put there.
  mutating func next(into output: UnsafeMutableBufferPointer<UInt8>) throws(Failure) -> Int {
    guard !isAtEnd, let size = uInt(exactly: output.count) else { return 0 }
    stream.pointee.next_out = output.baseAddress
    stream.pointee.avail_out = size
    while stream.pointee.avail_out > 0 {
      let before = (stream.pointee.avail_in, stream.pointee.avail_out)
      switch inflate(stream, Z_NO_FLUSH) {
      case Z_STREAM_END:
        isAtEnd = true
        return output.count - Int(stream.pointee.avail_out)
      case Z_OK, Z_BUF_ERROR:
        // All input is there from the start: what makes no progress now never will.
        if before == (stream.pointee.avail_in, stream.pointee.avail_out) { throw .cutShort }
      case Z_MEM_ERROR: throw .outOfMemory
      default: throw .damaged
      }
    }
    return output.count
  }
}
