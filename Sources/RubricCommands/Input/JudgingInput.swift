import MetaEditor
import RubricStore

/// The rollouts that a judge is asked about: read from a file, without those that are done.
actor JudgingInput {
  private let path: String
  private let reader: LineReader
  private var rejudging: Rejudging?
  private var done: [String: Int]
  private var left: Int
  /// Rollouts that stood in the output already.
  private(set) var skipped = 0

  /// Opens the file.
  ///
  /// - Parameters:
  ///   - path: JSON lines; `-` for standard input.
  ///   - rejudging: Which verdicts stand, where records are graded again.
  ///   - done: How often each rollout is done already.
  ///   - limit: The most rollouts.
  /// - Throws: `InputError` where it cannot be opened.
  init(_ path: String, rejudging: Rejudging?, done: [String: Int], limit: Int?) throws {
    self.path = path
    self.rejudging = rejudging
    self.done = done
    left = limit ?? .max
    reader = try LineReader(path)
  }

  /// The next rollout to grade, or nil at the end.
  func next() async throws -> JudgingTask? {
    while left > 0, let line = try await reader.nextAwaiting() {
      guard let task = try task(in: line) else { continue }
      if let count = done[task.rollout.name], count > 0 {
        done[task.rollout.name] = count - 1
        skipped += 1
        continue
      }
      left -= 1
      return task
    }
    return nil
  }

  /// What became of the verdicts that were there; nil where all are asked for anew.
  var state: Rejudging? { rejudging }

  private func task(in line: LineReader.Line) throws -> JudgingTask? {
    guard !line.bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return nil }
    do {
      guard rejudging == nil else {
        let record = try GradedRollout(parsing: line.bytes, lineNumber: line.number)
        return try rejudging?.task(for: record)
      }
      return JudgingTask(try Rollout(parsing: line.bytes, lineNumber: line.number))
    } catch var error as SyntaxError {
      error.file = path == "-" ? "standard input" : path
      throw error
    }
  }

  /// Reads a file to its end, so that what is wrong with it is said before anything was paid for.
  ///
  /// - Parameters:
  ///   - path: A file that can be read twice.
  ///   - isGraded: Whether its lines must be graded.
  /// - Returns: The number of rollouts.
  /// - Throws: `SyntaxError` for the first line that is none, `InputError`.
  static func count(in path: String, isGraded: Bool) throws -> Int {
    var count = 0
    do {
      try FileInput.lines(path) { line, number in
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return }
        if isGraded {
          _ = try GradedRollout(parsing: line, lineNumber: number)
        } else {
          _ = try Rollout(parsing: line, lineNumber: number)
        }
        count += 1
      }
    } catch var error as SyntaxError {
      error.file = path
      throw error
    }
    return count
  }
}
