import Foundation
import Testing

/// How many cases a property is tried on, and which.
///
/// `RUBRIC_CASES` sets the number, `RUBRIC_SEED` the seed of the first; each case has a seed of its
/// own, so that one that failed runs alone with its seed and `RUBRIC_CASES=1`.
enum Cases {
  static let count = setting("RUBRIC_CASES").flatMap { Int($0) } ?? 2_000
  static let seed = setting("RUBRIC_SEED").flatMap { UInt64($0) } ?? 20_260_101

  private static func setting(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name]
  }
}

/// Calls `body` with a generator for each case, and stops at the first that throws.
///
/// A case fails by `#require`: what follows a failure would only repeat it.
func forAll(
  cases: Int = Cases.count, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: (inout RubricGenerator) throws -> Void
) throws {
  for index in 0..<cases {
    let seed = Cases.seed &+ UInt64(index)
    var generator = RubricGenerator(seed: seed)
    do {
      try body(&generator)
    } catch {
      Issue.record(
        "case \(index) of \(cases); RUBRIC_SEED=\(seed) RUBRIC_CASES=1 runs it alone",
        sourceLocation: sourceLocation)
      throw error
    }
  }
}
