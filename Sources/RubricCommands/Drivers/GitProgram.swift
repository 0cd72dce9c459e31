internal import Glibc

/// The `git` program, which alone knows where its configuration lies and how to change a file of it
/// and leave the rest as it is.
enum GitProgram {
  struct Result {
    var output: String
    var errors: String
    var status: Int32
  }

  /// Runs git, and returns what it printed.
  ///
  /// - Throws: `InputError` where there is no such program.
  static func run(_ arguments: [String]) throws -> Result {
    let output = try TemporaryFile()
    let errors = try TemporaryFile()
    let status = try spawn(arguments, output: output.descriptor, errors: errors.descriptor)
    return Result(output: output.text, errors: errors.text, status: status)
  }

  /// Runs git, whose output goes where ours does.
  static func show(_ arguments: [String]) throws -> Int32 { try spawn(arguments) }

  /// Runs git, which must succeed.
  @discardableResult
  static func require(_ arguments: [String]) throws -> String {
    let result = try run(arguments)
    guard result.status == 0 else {
      let reason = result.errors.split(separator: "\n").first.map(String.init) ?? ""
      throw InputError(
        "`git \(arguments.joined(separator: " "))` failed"
          + (reason.isEmpty ? " with the exit status \(result.status)" : ": \(reason)"))
    }
    return result.output
  }

  private static func spawn(
    _ arguments: [String], output: Int32? = nil, errors: Int32? = nil
  ) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let output { posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO) }
    if let errors { posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO) }
    var words: [UnsafeMutablePointer<CChar>?] = (["git"] + arguments).map { strdup($0) }
    words.append(nil)
    defer { for word in words { free(word) } }
    var variables: [UnsafeMutablePointer<CChar>?] = Environment.all.map { bytes in
      (bytes + [0]).withUnsafeBytes { bytes in
        bytes.baseAddress.flatMap { strdup($0.assumingMemoryBound(to: CChar.self)) }
      }
    }
    variables.append(nil)
    defer { for variable in variables { free(variable) } }
    var process = pid_t()
    let failure = posix_spawnp(&process, "git", &actions, nil, words, variables)
    guard failure == 0 else {
      throw InputError(
        "git cannot be run: \(String(cString: strerror(failure)))",
        hint: "drivers are for the `git` program; put it on your PATH")
    }
    var state: Int32 = 0
    while waitpid(process, &state, 0) < 0 {
      guard errno == EINTR else {
        throw InputError("git was lost: \(String(cString: strerror(errno)))")
      }
    }
    // As the shell has it: a signal is 128 and its number.
    let signal = state & 0x7F
    return signal == 0 ? (state >> 8) & 0xFF : 128 + signal
  }
}

/// A file without a name, which takes output of any size.
private struct TemporaryFile: ~Copyable {
  let descriptor: Int32
  private let file: UnsafeMutablePointer<FILE>

  init() throws {
    guard let file = tmpfile() else {
      throw InputError("no temporary file can be made: \(String(cString: strerror(errno)))")
    }
    self.file = file
    descriptor = fileno(file)
  }

  var text: String {
    rewind(file)
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 4096)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes.append(contentsOf: chunk[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  deinit { fclose(file) }
}
