import ArgumentParser
internal import Glibc
import MetaEditor
import RubricStore

/// Where lines of evidence go: standard output, or a file that a later run can go on with.
///
/// Each line is written at once, so that what was graded is not lost with the program.
final class EvidenceSink: Sendable {
  private let path: String?
  private let descriptor: Int32

  private init(_ path: String?, _ descriptor: Int32) {
    self.path = path
    self.descriptor = descriptor
  }

  deinit { if path != nil { close(descriptor) } }

  /// Standard output.
  static let standardOutput = EvidenceSink(nil, STDOUT_FILENO)

  /// Creates a file.
  ///
  /// - Throws: `InputError` where there is one that holds anything: grading costs.
  static func create(_ path: String) throws -> EvidenceSink {
    var info = stat()
    if stat(path, &info) == 0, info.st_mode & S_IFMT == S_IFREG, info.st_size > 0 {
      throw InputError(
        "`\(path)` is there already",
        hint: "`--resume` goes on with it; remove it to begin anew")
    }
    return EvidenceSink(path, try openFile(path))
  }

  /// Opens a file to go on with, or creates it.
  ///
  /// A last line that a run was stopped in the middle of is cut off.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - commit: The commit of the rubric that is graded by.
  ///   - stamp: Who judges.
  /// - Returns: The sink, and how often each rollout stands in the file.
  /// - Throws: `InputError` for a line that was graded by another version or another judge.
  static func resume(
    _ path: String, commit: ObjectID, stamp: JudgeStamp
  ) throws -> (sink: EvidenceSink, done: [String: Int]) {
    let descriptor = try openFile(path)
    let sink = EvidenceSink(path, descriptor)
    let reader = try LineReader(path)
    var done: [String: Int] = [:]
    while let line = try reader.next() {
      if line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
      let record: GradedRollout
      do throws(SyntaxError) {
        record = try GradedRollout(parsing: line.bytes, lineNumber: line.number)
      } catch {
        guard !line.isEnded else {
          var error = error
          error.file = path
          throw error
        }
        guard ftruncate(descriptor, off_t(line.offset)) == 0 else {
          throw FileInput.failure(path, "write")
        }
        return (sink, done)
      }
      let made = RubricRevision.commit(namedBy: record.rubric)
      guard made == commit.hex else {
        throw InputError(
          "line \(line.number) of `\(path)` was graded by the rubric at "
            + "\(made.prefix(12)), and now it is \(commit.prefix(12))",
          hint: "write to another file; `--pairs` takes over the verdicts that still hold")
      }
      guard record.judge == stamp else {
        throw InputError(
          "line \(line.number) of `\(path)` was graded by "
            + "\(record.judge?.words ?? "a judge that it does not name"), and now it is "
            + stamp.words,
          hint: "ask the same model with the same templates and settings, or write to another file")
      }
      done[record.rollout.name, default: 0] += 1
      if !line.isEnded { try sink.write([0x0A]) }
    }
    return (sink, done)
  }

  /// Writes a record.
  ///
  /// - Throws: `InputError` where it cannot be written, `ExitCode` 141 where its reader went away.
  func append(_ record: GradedRollout) throws {
    try write(Array((record.json.jsonText + "\n").utf8))
  }

  private func write(_ bytes: [UInt8]) throws {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
      }
      if count < 0 {
        if errno == EINTR { continue }
        if path == nil, errno == EPIPE { throw ExitCode(141) }
        throw FileInput.failure(path ?? "standard output", "write")
      }
      done += count
    }
  }

  private static func openFile(_ path: String) throws -> Int32 {
    let descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw FileInput.failure(path, "write") }
    return descriptor
  }
}
