import Foundation
import MetaEditor

/// Tries a law on random cases; a failure prints the seed of its case, which `RUBRIC_SEED` and
/// `RUBRIC_CASES=1` run alone.
func forAll(
  cases: Int, _ body: (inout SplitMix64, UInt64) throws -> Void
) rethrows {
  let environment = ProcessInfo.processInfo.environment
  let first = environment["RUBRIC_SEED"].flatMap(UInt64.init) ?? 1
  let count = environment["RUBRIC_CASES"].flatMap(Int.init).map { min($0, cases) } ?? cases
  for seed in first..<first + UInt64(count) {
    var random = SplitMix64(seed: seed)
    try body(&random, seed)
  }
}

extension SplitMix64 {
  /// A number in 0..<count.
  mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  mutating func pick<Element>(_ items: [Element]) -> Element { items[below(items.count)] }
}
