internal import Glibc
import RubricStore

/// Runs a command of the shell on a rubric.
///
/// The rubric is its standard input and a file; what it prints goes to standard error, since standard
/// output has the answer.
struct ShellTrial {
  /// The command, for `sh -c`.
  let command: String
  private let folder: String

  /// Makes the folder for the rubric's file.
  init(_ command: String) throws {
    self.command = command
    let parent = Environment["TMPDIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
    var name = Array("\(parent)/rubricctl-XXXXXX".utf8CString)
    guard mkdtemp(&name) != nil else {
      throw InputError("cannot make a folder in `\(parent)`: \(String(cString: strerror(errno)))")
    }
    folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Removes the folder.
  func remove() { rmdir(folder) }

  /// Runs the command on a rubric.
  ///
  /// - Returns: The exit status as the shell has it: 128 and more for one that a signal ended.
  func run(on pin: Pin) throws -> Int32 {
    let file = "\(folder)/\(pin.rubric.id).yaml"
    try FileInput.write(pin.rubric.canonicalText, to: file)
    defer { unlink(file) }
    let input = open(file, O_RDONLY | O_CLOEXEC)
    guard input >= 0 else {
      throw InputError("cannot read `\(file)`: \(String(cString: strerror(errno)))")
    }
    defer { close(input) }
    setenv("RUBRIC_FILE", file, 1)
    setenv("RUBRIC_COMMIT", pin.commit.hex, 1)
    setenv("RUBRIC_ID", pin.rubric.id.rawValue, 1)
    // A key that interrupts the command must not end this program before its file is gone.
    let interrupt = signal(SIGINT, SIG_IGN)
    let quit = signal(SIGQUIT, SIG_IGN)
    defer {
      signal(SIGINT, interrupt)
      signal(SIGQUIT, quit)
    }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGQUIT)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF))
    let words: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup("-c"), strdup(command)]
    defer { words.forEach { free($0) } }
    var process: pid_t = 0
    let failure = posix_spawn(
      &process, "/bin/sh", &actions, &attributes, words + [nil], environ)
    guard failure == 0 else {
      throw InputError("cannot run `sh`: \(String(cString: strerror(failure)))")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 {
      guard errno == EINTR else {
        throw InputError("lost the command: \(String(cString: strerror(errno)))")
      }
    }
    // As WIFEXITED and its like, which are macros.
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
  }
}
