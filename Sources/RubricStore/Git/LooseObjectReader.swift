internal import CLibGit2
internal import Glibc
internal import Synchronization

/// Reads loose objects in libgit2's place.
///
/// libgit2's own reader never returns from an object that was cut short (libgit2 #7342), and writes
/// past its buffer for one whose header names fewer bytes than follow (libgit2 #7177). Both come to
/// everybody who opens a damaged or hostile repository.
final class LooseObjectReader: Sendable {
  /// What is in the place of an object.
  enum Outcome<Found> {
    case absent
    case unreadable(String)
    case found(Found)
  }

  struct Header {
    var type: git_object_t
    var size: Int
    /// The bytes before the content, with the NUL.
    var length: Int
  }

  /// The folders of objects, the repository's own first, then its alternates'.
  private let folders: [String]

  typealias Object = (type: git_object_t, bytes: [UInt8])

  /// The object whose header was asked for last, where it is small: nearly always it is read next,
  /// and then its file is opened and decompressed once.
  private let ahead = Mutex<(id: ObjectID, object: Object)?>(nil)

  /// The largest object that is read with its header.
  private static let aheadBytes = 1 << 18

  /// The longest header is `commit ` and a number of 64 bits.
  private static let headerBytes = 64

  init(objects folder: String) { folders = Self.withAlternates(folder) }

  func header(of id: ObjectID) -> Outcome<Header> {
    withFile(of: id) { inflation in
      var buffer = [UInt8](repeating: 0, count: Self.headerBytes)
      let (header, filled) = try Self.header(&inflation, &buffer)
      if header.size <= Self.aheadBytes,
        // What is wrong with the rest is told when it is read.
        let object = try? Self.object(header, buffer[header.length..<filled], &inflation)
      {
        ahead.withLock { $0 = (id, object) }
      }
      return header
    }
  }

  /// Reads an object; its hash is for the caller to check.
  func object(_ id: ObjectID) -> Outcome<Object> {
    let read = ahead.withLock { ahead -> Object? in
      defer { ahead = nil }
      return ahead?.id == id ? ahead?.object : nil
    }
    if let read { return .found(read) }
    return withFile(of: id) { inflation in
      var buffer = [UInt8](repeating: 0, count: Self.headerBytes)
      let (header, filled) = try Self.header(&inflation, &buffer)
      return try Self.object(header, buffer[header.length..<filled], &inflation)
    }
  }

  /// Reads what follows the header, some bytes of which have been read with that.
  private static func object(
    _ header: Header, _ start: ArraySlice<UInt8>, _ inflation: inout Inflation
  ) throws -> Object {
    // What is not content of a work tree is read into memory by libgit2 on its own accord.
    guard header.type == GIT_OBJECT_BLOB || header.size <= GitLimits.commitBytes else {
      throw Reason("it has \(header.size) bytes; the limit is \(GitLimits.commitBytes)")
    }
    var bytes = Array(start)
    // The size is a claim: memory grows with what is really there. A byte more shows where the
    // stream ends.
    let chunk = UnsafeMutableBufferPointer<UInt8>.allocate(
      capacity: min(header.size, 1 << 16) + 1)
    defer { chunk.deallocate() }
    while !inflation.isAtEnd, bytes.count <= header.size {
      let count = try inflation.next(into: chunk)
      bytes.append(contentsOf: UnsafeBufferPointer(start: chunk.baseAddress, count: count))
    }
    guard bytes.count == header.size, inflation.isAtEnd else {
      throw Reason("its header says \(header.size) bytes, and there are others")
    }
    guard !inflation.hasMoreInput else { throw Reason("something follows its end") }
    return (header.type, bytes)
  }

  /// Returns the ids that start with some digits, at most two.
  func ids(withPrefix digits: String) -> [ObjectID] {
    var found: Set<ObjectID> = []
    for folder in folders {
      guard let listing = opendir(folder + "/" + digits.prefix(2)) else { continue }
      defer { closedir(listing) }
      while found.count < 2, let entry = readdir(listing) {
        let name = String(decoding: entry.nameBytes, as: UTF8.self)
        guard let id = ObjectID(hex: digits.prefix(2) + name), id.hex.hasPrefix(digits) else {
          continue
        }
        found.insert(id)
      }
    }
    return Array(found)
  }

  /// Why an object cannot be read.
  private struct Reason: Error {
    var text: String
    init(_ text: String) { self.text = text }
  }

  /// Reads `commit 123` and the NUL, and the bytes that come with it.
  private static func header(
    _ inflation: inout Inflation, _ buffer: inout [UInt8]
  ) throws -> (header: Header, filled: Int) {
    let filled = try buffer.withUnsafeMutableBufferPointer { try inflation.next(into: $0) }
    guard let end = buffer[..<filled].firstIndex(of: 0),
      let space = buffer[..<end].firstIndex(of: UInt8(ascii: " ")), space + 1 < end,
      buffer[(space + 1)..<end].allSatisfy({ (0x30...0x39).contains($0) }),
      let size = Int(String(decoding: buffer[(space + 1)..<end], as: UTF8.self))
    else { throw Reason("it has no header") }
    let kind = GitObjectKind(rawValue: String(decoding: buffer[..<space], as: UTF8.self))
    guard let kind else { throw Reason("it is of no kind that git has") }
    return (Header(type: kind.type, size: size, length: end + 1), filled)
  }

  private func withFile<Found>(
    of id: ObjectID, _ body: (inout Inflation) throws -> Found
  ) -> Outcome<Found> {
    let hex = id.hex
    for folder in folders {
      let path = folder + "/" + hex.prefix(2) + "/" + hex.dropFirst(2)
      let raw = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      guard raw >= 0 else {
        let number = errno
        if number == ENOENT || number == ENOTDIR { continue }
        return .unreadable(GitError.system(number, "open", path).message)
      }
      let file = FileDescriptor(owning: raw)
      do {
        let compressed = try file.readAll(limit: Int(UInt32.max), shown: path)
        return .found(
          try compressed.withUnsafeBufferPointer { input in
            var inflation = try Inflation(input)
            return try body(&inflation)
          })
      } catch let error as GitError {
        return .unreadable(error.message)
      } catch let reason as Reason {
        return .unreadable(reason.text)
      } catch Inflation.Failure.cutShort {
        return .unreadable("its file \(path) is cut short")
      } catch {
        return .unreadable("its file \(path) cannot be decompressed")
      }
    }
    return .absent
  }

  /// The folder and those that `info/alternates` adds to it, as deep as git follows them.
  private static func withAlternates(_ folder: String) -> [String] {
    var folders = [folder]
    var level = [folder]
    for _ in 0..<5 {
      var next: [String] = []
      for parent in level {
        let raw = open(parent + "/info/alternates", O_RDONLY | O_NONBLOCK | O_CLOEXEC)
        guard raw >= 0 else { continue }
        let file = FileDescriptor(owning: raw)
        guard let bytes = try? file.readAll(limit: 1 << 20, shown: "info/alternates") else {
          continue
        }
        for line in bytes.split(separator: UInt8(ascii: "\n")) where line.first != UInt8(ascii: "#")
        {
          let path = String(decoding: line, as: UTF8.self)
          let absolute = path.utf8.first == UInt8(ascii: "/") ? path : parent + "/" + path
          if !folders.contains(absolute), folders.count < 64 {
            folders.append(absolute)
            next.append(absolute)
          }
        }
      }
      level = next
    }
    return folders
  }
}
