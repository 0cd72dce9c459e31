/// Times measures side by side: each once a round, every round beginning with another one.
struct Timing {
  /// The least that is timed at once, in seconds.
  static let leastSlice = 0.002

  private let clock = ContinuousClock()
  private var sink = 0

  mutating func run(_ measures: [Measure], rounds: Int) throws -> [Sample] {
    var samples = measures.map { Sample($0) }
    // The first time warms caches up and tells how often a measure fits into a slice.
    for index in samples.indices {
      let once = try seconds(measures[index], repeats: 1)
      samples[index].repeats = max(1, Int((Self.leastSlice / max(once, 1e-9)).rounded(.up)))
    }
    for round in 0..<rounds {
      for step in samples.indices {
        let index = (step + round * 7) % samples.count
        let repeats = samples[index].repeats
        let all = try seconds(measures[index], repeats: repeats)
        samples[index].seconds.append(all / Double(repeats))
      }
    }
    return samples
  }

  /// Does one measure over and over, for a profiler to look at.
  mutating func profile(_ measure: Measure, seconds: Double) throws {
    let end = clock.now.advanced(by: .seconds(seconds))
    var count = 0
    while clock.now < end {
      sink &+= try measure.body()
      count += 1
    }
    print("\(measure.fullName): \(count) times in \(seconds) s (\(sink))")
  }

  private mutating func seconds(_ measure: Measure, repeats: Int) throws -> Double {
    var total = 0
    let duration = try clock.measure {
      for _ in 0..<repeats { total &+= try measure.body() }
    }
    sink &+= total
    let (seconds, attoseconds) = duration.components
    return Double(seconds) + Double(attoseconds) * 1e-18
  }
}
