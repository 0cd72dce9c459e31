internal import CLibGit2
internal import Glibc
internal import Synchronization

/// Connections of libgit2 that end when the other side is silent for too long.
///
/// Those of libgit2 itself, up to 1.6, wait for ever for a server that takes a connection and says
/// nothing. What runs over ssh reads past these functions, and so waits as `ssh` does.
package enum TimedSocket {
  private static let limit = Atomic<Int>(60)

  /// The seconds that a server may take to answer, for the whole process.
  package static var patience: Int {
    get { limit.load(ordering: .relaxed) }
    set { limit.store(newValue, ordering: .relaxed) }
  }

  /// libgit2's stream with its functions, and what they need.
  private struct Stream {
    // Must come first, for libgit2 knows the address of this field only, and the others in libgit2's
    // own order: its ssh takes the socket from where its own streams have it.
    var functions: git_stream
    var host: UnsafeMutablePointer<CChar>?
    var port: UnsafeMutablePointer<CChar>?
    var socket: CInt
  }

  private static let installed: Result<Void, GitError> = {
    var registration = git_stream_registration()
    registration.version = GIT_STREAM_VERSION
    registration.`init` = { out, host, port in TimedSocket.create(out, host, port) }
    do throws(GitError) {
      try git("git_stream_register") { git_stream_register(GIT_STREAM_STANDARD, &registration) }
      return .success(())
    } catch {
      return .failure(error)
    }
  }()

  /// Has libgit2 use these connections from now on.
  static func install() throws(GitError) {
    try GitLibrary.start()
    try installed.get()
  }

  private static func create(
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_stream>?>?,
    _ host: UnsafePointer<CChar>?, _ port: UnsafePointer<CChar>?
  ) -> CInt {
    guard let out, let host, let port else { return GIT_ERROR.rawValue }
    var functions = git_stream()
    functions.version = GIT_STREAM_VERSION
    functions.connect = { stream in TimedSocket.connect(stream) }
    functions.read = { stream, data, length in TimedSocket.read(stream, data, length) }
    functions.write = { stream, data, length, _ in TimedSocket.write(stream, data, length) }
    functions.close = { stream in TimedSocket.close(stream) }
    functions.free = { stream in TimedSocket.free(stream) }
    let stream = UnsafeMutablePointer<Stream>.allocate(capacity: 1)
    stream.initialize(
      to: Stream(functions: functions, host: strdup(host), port: strdup(port), socket: -1))
    out.pointee = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: git_stream.self)
    return GIT_OK.rawValue
  }

  private static func of(
    _ stream: UnsafeMutablePointer<git_stream>?
  ) -> UnsafeMutablePointer<Stream>? {
    stream.map { UnsafeMutableRawPointer($0).assumingMemoryBound(to: Stream.self) }
  }

  private static func connect(_ stream: UnsafeMutablePointer<git_stream>?) -> CInt {
    guard let stream = of(stream), let host = stream.pointee.host, let port = stream.pointee.port
    else { return GIT_ERROR.rawValue }
    let name = "\(String(cString: host)):\(String(cString: port))"
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var addresses: UnsafeMutablePointer<addrinfo>?
    let status = getaddrinfo(host, port, &hints, &addresses)
    guard status == 0 else {
      return fail(
        "\(name) cannot be found: \(gai_strerror(status).map { String(cString: $0) } ?? "")")
    }
    defer { freeaddrinfo(addresses) }
    var reason = ETIMEDOUT
    var next = addresses
    while let address = next {
      next = address.pointee.ai_next
      switch open(address.pointee) {
      case .success(let socket):
        stream.pointee.socket = socket
        return GIT_OK.rawValue
      case .failure(let failure): reason = failure.number
      }
    }
    return fail("\(name) cannot be reached: \(words(reason))")
  }

  private struct Failure: Error { var number: CInt }

  private static func open(_ address: addrinfo) -> Result<CInt, Failure> {
    let kind = address.ai_socktype | CInt(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let socket = Glibc.socket(address.ai_family, kind, address.ai_protocol)
    guard socket >= 0 else { return .failure(Failure(number: errno)) }
    func give(up number: CInt) -> Result<CInt, Failure> {
      _ = Glibc.close(socket)
      return .failure(Failure(number: number))
    }
    let seconds = patience
    if Glibc.connect(socket, address.ai_addr, address.ai_addrlen) != 0 {
      guard errno == EINPROGRESS else { return give(up: errno) }
      var waiting = pollfd(fd: socket, events: Int16(POLLOUT), revents: 0)
      guard poll(&waiting, 1, CInt(clamping: seconds * 1_000)) > 0 else {
        return give(up: ETIMEDOUT)
      }
      var number: CInt = 0
      var length = socklen_t(MemoryLayout<CInt>.size)
      getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &length)
      guard number == 0 else { return give(up: number) }
    }
    // From here on it blocks, but not for ever.
    var limit = timeval(tv_sec: seconds, tv_usec: 0)
    let size = socklen_t(MemoryLayout<timeval>.size)
    guard fcntl(socket, F_SETFL, 0) == 0,
      setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, size) == 0,
      setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, size) == 0
    else { return give(up: errno) }
    return .success(socket)
  }

  private static func read(
    _ stream: UnsafeMutablePointer<git_stream>?, _ data: UnsafeMutableRawPointer?, _ length: Int
  ) -> Int {
    guard let stream = of(stream) else { return -1 }
    while true {
      let count = recv(stream.pointee.socket, data, length, 0)
      if count >= 0 { return count }
      let number = errno
      if number != EINTR { return Int(fail(unanswered(number))) }
    }
  }

  private static func write(
    _ stream: UnsafeMutablePointer<git_stream>?, _ data: UnsafePointer<CChar>?, _ length: Int
  ) -> Int {
    guard let stream = of(stream) else { return -1 }
    while true {
      let count = send(stream.pointee.socket, data, length, CInt(MSG_NOSIGNAL))
      if count >= 0 { return count }
      let number = errno
      if number != EINTR { return Int(fail(unanswered(number))) }
    }
  }

  private static func close(_ stream: UnsafeMutablePointer<git_stream>?) -> CInt {
    guard let stream = of(stream) else { return GIT_ERROR.rawValue }
    if stream.pointee.socket >= 0 { _ = Glibc.close(stream.pointee.socket) }
    stream.pointee.socket = -1
    return GIT_OK.rawValue
  }

  private static func free(_ stream: UnsafeMutablePointer<git_stream>?) {
    guard let stream = of(stream) else { return }
    Glibc.free(stream.pointee.host)
    Glibc.free(stream.pointee.port)
    stream.deinitialize(count: 1)
    stream.deallocate()
  }

  private static func unanswered(_ number: CInt) -> String {
    number == EAGAIN || number == EWOULDBLOCK
      ? "the server was silent for \(patience) seconds"
      : "the connection broke: \(words(number))"
  }

  private static func words(_ number: CInt) -> String {
    strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }

  private static func fail(_ reason: String) -> CInt {
    git_error_set_str(CInt(GIT_ERROR_NET.rawValue), reason)
    return GIT_ERROR.rawValue
  }
}
