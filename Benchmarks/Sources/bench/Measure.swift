/// One thing that is timed.
struct Measure {
  /// What it is timed on: `bam`.
  let work: String
  /// What is done: `diff, 500 edits`.
  let name: String
  /// The measure of the same work that it is compared with; nil for a floor.
  let against: String?
  /// The highest ratio to ``against`` that is good enough; nil where none is set.
  let reach: Double?
  /// Does it once, and returns something of the result, so that nothing is optimized away.
  let body: () throws -> Int

  init(
    _ work: String, _ name: String, against: String? = nil, reach: Double? = nil,
    _ body: @escaping () throws -> Int
  ) {
    self.work = work
    self.name = name
    self.against = against
    self.reach = reach
    self.body = body
  }

  var fullName: String { "\(work): \(name)" }
}

/// What a measure cost, round by round.
struct Sample {
  let measure: Measure
  /// Seconds for doing it once, one a round.
  var seconds: [Double] = []
  /// How often it is done a round, so that the clock's own steps do not show.
  var repeats = 1

  init(_ measure: Measure) { self.measure = measure }

  var median: Double { seconds.sorted()[seconds.count / 2] }

  /// Half the distance between the quartiles, as a part of the median.
  var spread: Double {
    let sorted = seconds.sorted()
    let (low, high) = (sorted[sorted.count / 4], sorted[sorted.count * 3 / 4])
    return median > 0 ? (high - low) / 2 / median : 0
  }

  /// The median of the ratios of the same round, which the machine's moods move least.
  func ratio(to other: Sample) -> Double {
    let ratios = zip(seconds, other.seconds).map { $1 > 0 ? $0 / $1 : 0 }.sorted()
    return ratios.isEmpty ? 0 : ratios[ratios.count / 2]
  }
}
