import Foundation
import Glibc

/// A socket on the loopback that takes connections and says nothing.
final class SilentServer {
  let port: UInt16
  private let socket: CInt

  init() throws {
    (socket, port) = try Self.listening()
  }

  deinit { close(socket) }

  /// A port that nobody listens on.
  static func freePort() throws -> UInt16 {
    let (socket, port) = try listening()
    close(socket)
    return port
  }

  private static func listening() throws -> (CInt, UInt16) {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        // Nobody accepts: the kernel makes the connection all the same.
        bind(socket, address, length) + listen(socket, 8) + getsockname(socket, address, &length)
      }
    }
    guard socket >= 0, status == 0 else { throw GitSandbox.Failure(description: "no socket") }
    return (socket, UInt16(bigEndian: address.sin_port))
  }
}

/// `git daemon` on the loopback, which serves a folder.
final class GitDaemon {
  let url: String
  private let process = Process()

  /// The daemon's program; nil where git came without it.
  static let program: String? = {
    let sandbox = try? GitSandbox(initialise: false)
    let folder = (try? sandbox?.git("--exec-path")) ?? ""
    let program = folder + "/git-daemon"
    return FileManager.default.isExecutableFile(atPath: program) ? program : nil
  }()

  init(serving folder: String) throws {
    let port = try SilentServer.freePort()
    url = "git://127.0.0.1:\(port)"
    process.executableURL = URL(fileURLWithPath: Self.program ?? "")
    process.arguments = [
      "--listen=127.0.0.1", "--port=\(port)", "--reuseaddr", "--export-all",
      "--base-path=\(folder)", folder,
    ]
    process.environment = [
      "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": folder,
      "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    for _ in 0..<200 {
      if Self.answers(port) { return }
      usleep(20_000)
    }
    throw GitSandbox.Failure(description: "git daemon does not answer on port \(port)")
  }

  deinit {
    // It inherits the signals that the test's thread blocks, and any other would wait for ever.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  private static func answers(_ port: UInt16) -> Bool {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return withUnsafePointer(to: &address) { address in
      address.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
