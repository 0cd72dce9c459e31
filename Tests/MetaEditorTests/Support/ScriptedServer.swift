import Foundation
import Glibc
import RubricStore
import Synchronization

/// An HTTP server on this machine that does to each request what a test says.
///
/// It speaks just enough HTTP: requests with a length, one after the other on a connection.
final class ScriptedServer: Sendable {
  /// A request, read to its end.
  struct Request: Sendable {
    /// The request's number on this server, from 0.
    var number: Int
    var method: String
    var path: String
    /// Header fields, their names in lower case.
    var headers: [String: String]
    var body: [UInt8]

    var json: JSONValue? { try? JSONValue(parsing: String(decoding: body, as: UTF8.self)) }
  }

  /// What is done with a connection after a request.
  enum Step: Sendable {
    /// Bytes as they are.
    case send([UInt8])
    /// Nothing for a while.
    case pause(milliseconds: Int)
    /// Nothing until the other end or the server closes the connection.
    case stall
    /// The same bytes again and again, until the other end or the server closes.
    case drip([UInt8], everyMilliseconds: Int)
    /// Anything; it may block.
    case run(@Sendable () -> Void)
    /// The end of the connection.
    case close
  }

  private struct State {
    var requests: [Request] = []
    var connections: Set<Int32> = []
    var current = 0
    var mostAtOnce = 0
    var isStopped = false
  }

  /// Its address without a path.
  let url: String
  private let listener: Int32
  private let script: @Sendable (Request) -> [Step]
  private let state = Mutex(State())

  /// Starts a server.
  init(_ script: @escaping @Sendable (Request) -> [Step]) throws {
    self.script = script
    let (listener, port) = try Self.listen()
    self.listener = listener
    url = "http://127.0.0.1:\(port)"
    Thread.detachNewThread { [weak self] in
      while true {
        let connection = accept(listener, nil, nil)
        guard connection >= 0, let server = self else {
          Glibc.close(listener)
          return
        }
        Thread.detachNewThread { server.serve(connection) }
      }
    }
  }

  deinit { stop() }

  /// Ends all connections; whoever connects later is refused.
  func stop() {
    state.withLock { state in
      guard !state.isStopped else { return }
      state.isStopped = true
      for connection in state.connections { shutdown(connection, Int32(SHUT_RDWR)) }
      // Wakes the thread that accepts, which closes it.
      shutdown(listener, Int32(SHUT_RDWR))
    }
  }

  /// The requests so far.
  var requests: [Request] { state.withLock { $0.requests } }

  /// The most requests that were being answered at one time.
  var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }

  /// A port of this machine that nothing listens on.
  static func closedPort() throws -> UInt16 {
    let (listener, port) = try listen()
    Glibc.close(listener)
    return port
  }

  private static func listen() throws -> (descriptor: Int32, port: UInt16) {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) == 0 && Glibc.listen(descriptor, 1_024) == 0
          && getsockname(descriptor, address, &length) == 0
      }
    }
    guard isBound else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    return (descriptor, UInt16(bigEndian: address.sin_port))
  }

  private func serve(_ connection: Int32) {
    let isWelcome = state.withLock { state in
      if !state.isStopped { state.connections.insert(connection) }
      return !state.isStopped
    }
    var rest: [UInt8] = []
    while isWelcome, let request = read(connection, &rest) {
      let request = state.withLock { state in
        var request = request
        request.number = state.requests.count
        state.requests.append(request)
        state.current += 1
        state.mostAtOnce = max(state.mostAtOnce, state.current)
        return request
      }
      let goesOn = perform(script(request), connection)
      state.withLock { $0.current -= 1 }
      guard goesOn else { break }
    }
    _ = state.withLock { $0.connections.remove(connection) }
    Glibc.close(connection)
  }

  /// Does the steps; whether the connection is still good.
  private func perform(_ steps: [Step], _ connection: Int32) -> Bool {
    for step in steps {
      switch step {
      case .send(let bytes): guard send(bytes, connection) else { return false }
      case .pause(let milliseconds): usleep(UInt32(milliseconds) * 1_000)
      case .stall:
        var byte: UInt8 = 0
        while recv(connection, &byte, 1, 0) > 0 {}
        return false
      case .drip(let bytes, let milliseconds):
        while send(bytes, connection) { usleep(UInt32(milliseconds) * 1_000) }
        return false
      case .run(let body): body()
      case .close: return false
      }
    }
    return true
  }

  private func send(_ bytes: [UInt8], _ connection: Int32) -> Bool {
    bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = Glibc.send(
          connection, bytes.baseAddress.map { $0 + done }, bytes.count - done,
          Int32(MSG_NOSIGNAL))
        guard count > 0 else { return false }
        done += count
      }
      return true
    }
  }

  /// Reads one request; nil where the connection ends.
  private func read(_ connection: Int32, _ rest: inout [UInt8]) -> Request? {
    func more() -> Bool {
      var chunk = [UInt8](repeating: 0, count: 1 << 16)
      let count = recv(connection, &chunk, chunk.count, 0)
      guard count > 0 else { return false }
      rest.append(contentsOf: chunk[..<count])
      return true
    }
    let end = Array("\r\n\r\n".utf8)
    var headEnd = rest.firstRange(of: end)
    while headEnd == nil {
      guard more() else { return nil }
      headEnd = rest.firstRange(of: end)
    }
    guard let headEnd else { return nil }
    var lines = String(decoding: rest[..<headEnd.lowerBound], as: UTF8.self)
      .split(separator: "\r\n").makeIterator()
    let words = (lines.next() ?? "").split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    while let line = lines.next() {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { return nil }
      headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    rest.removeSubrange(..<headEnd.upperBound)
    while rest.count < length { guard more() else { return nil } }
    let body = Array(rest.prefix(length))
    rest.removeFirst(length)
    return Request(
      number: 0, method: String(words[0]), path: String(words[1]), headers: headers, body: body)
  }
}
