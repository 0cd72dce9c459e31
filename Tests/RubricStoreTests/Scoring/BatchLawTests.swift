import RubricStore
import Testing

/// A batch gives what its rollouts give one by one, to the last bit.
@Suite struct BatchLawTests {
  /// Any rubric, any verdicts, any way to lie in memory.
  @Test func batchesAreLikeOneByOne() throws {
    var scored = 0
    var flat = 0
    try forAll { make in
      var rubric = make.random.chance(40) ? make.flatRubric() : make.rubric()
      if make.random.chance(5), !rubric.criteria.isEmpty {
        rubric.criteria[0].weight = make.random.pick([-1, .infinity, .nan, 1e308])
      }
      let compiled = CompiledRubric(rubric)
      let sample = make.batch(of: rubric, compiled)
      let (row, column) = make.strides(of: sample)
      let shift = make.random.pick([0, 0, 8, 3])
      let plainly = make.random.chance(50)
      let scores = try sample.scores(
        BatchPlan(compiled), row: row, column: column, shift: shift, plainly: plainly)
      try requireLikeOneByOne(
        scores, sample, compiled, "strides \(row), \(column), shift \(shift), plainly \(plainly)")
      scored += scores.rewards.count { !$0.isNaN }
      flat += rubric.criteria.allSatisfy { !$0.isGroup } ? 1 : 0
    }
    if Cases.count >= 200 { #expect(scored > Cases.count && flat > Cases.count / 4) }
  }

  /// Strides of 0 and odd ones: every rollout, or every criterion, reads the same bytes.
  @Test func stridesMayBeAnything() throws {
    try forAll { make in
      let rubric = make.flatRubric()
      let compiled = CompiledRubric(rubric)
      var sample = make.batch(of: rubric, compiled)
      guard !sample.columns.isEmpty, sample.rollouts > 0 else { return }
      let isOneRow = make.random.chance(50)
      for rollout in 0..<sample.rollouts {
        sample.verdicts[rollout] =
          isOneRow
          ? sample.verdicts[sample.rollouts - 1]
          : sample.verdicts[rollout].map { _ in sample.verdicts[rollout].last ?? 0 }
      }
      let width = 8 * sample.columns.count
      let scores = try sample.scores(
        BatchPlan(compiled), row: isOneRow ? 0 : make.random.pick([8, 9, -8, -24]),
        column: isOneRow ? make.random.pick([8, 11, -8]) : 0, plainly: make.random.chance(50))
      try requireLikeOneByOne(scores, sample, compiled, "\(width) bytes a row")
    }
  }

  /// The rows of an array, the last of them cut off where it is not whole.
  @Test func arraysAreScoredRowByRow() throws {
    try forAll(cases: Swift.min(Cases.count, 300)) { make in
      let rubric = make.flatRubric()
      let compiled = CompiledRubric(rubric)
      let sample = make.batch(of: rubric, compiled)
      guard !sample.columns.isEmpty else { return }
      var rewards: [Double] = [7]
      BatchPlan(compiled).score(sample.verdicts.flatMap { $0 }, into: &rewards)
      try #require(rewards.count == sample.rollouts)
      var plain = sample
      plain.mask = nil
      for (rollout, reward) in rewards.enumerated() {
        let score = compiled.score(plain.judgement(rollout))
        try #require(areSame(reward, score.reward ?? .nan))
      }
      BatchPlan(compiled).score(
        [Double](repeating: 0, count: 2 * sample.columns.count - 1), into: &rewards)
      try #require(rewards.count == 1)
    }
    var rewards: [Double] = [7]
    BatchPlan(CompiledRubric(Rubric(id: "empty"))).score([1, 2], into: &rewards)
    #expect(rewards.isEmpty)
  }

  /// What cannot lie in memory is no table, and nothing of it is computed with.
  @Test func impossibleTablesAreRefused() throws {
    let place = UnsafeRawPointer(bitPattern: 4096)
    let shapes: [(Int, Int, Int, Int)] = [
      (-1, 1, 8, 8), (1, -1, 8, 8), (.max, 2, 8, 8), (1 << 32, 1 << 32, 8, 8),
      (3, 1, .max, 8), (1, 3, 8, .max), (2, 2, .max, .max), (2, 2, .min, .min),
      (2, 1, .min, 0), (2, 2, .max - 4, 8), (2, 1, -4097, 8), (1 << 61, 1, 0, 0),
    ]
    for (rollouts, criteria, row, column) in shapes {
      let table = VerdictTable(
        rollouts: rollouts, criteria: criteria, verdicts: place, row: row, column: column)
      #expect(table == nil, "\(rollouts) × \(criteria), \(row) and \(column) apart")
    }
    #expect(VerdictTable(rollouts: 1, criteria: 1, verdicts: nil, row: 0, column: 0) == nil)
    #expect(VerdictTable(rollouts: 0, criteria: 4, verdicts: nil, row: .max, column: 0) != nil)
    #expect(VerdictTable(rollouts: 2, criteria: 1, verdicts: place, row: -4096, column: 0) != nil)
  }

  @Test func masksAreChecked() throws {
    let mask: [UInt8] = [0, 1, 2, 3, 4, 255]
    let verdicts = Array(repeating: 0.0, count: 6)
    try verdicts.withUnsafeBytes { verdicts in
      try mask.withUnsafeBufferPointer { mask in
        func found(_ rollouts: Int) throws -> (Int, Int, UInt8)? {
          let table = VerdictTable(
            rollouts: rollouts, criteria: 2, verdicts: verdicts.baseAddress, row: 16, column: 8,
            mask: mask.baseAddress)
          return try #require(table).firstUnknownMask
        }
        #expect(try found(2) == nil)
        let cell = try #require(try found(3))
        #expect(cell == (2, 0, 4))
      }
    }
  }
}

extension RubricGenerator {
  /// A rubric without groups, of as many criteria as make the lanes work.
  mutating func flatRubric() -> Rubric {
    var rubric = Rubric(id: "flat")
    fillRubricFields(&rubric)
    if random.chance(80) { rubric.judge.mode = .perCriterion }
    let isPlain = random.chance(40)
    rubric.criteria = (0...random.below(45)).map { _ in
      guard isPlain else { return leaf() }
      var criterion = Criterion(id: id(), weight: weight())
      if random.chance(10) { criterion.polarity = .negative }
      return criterion
    }
    rubric.mend()
    return rubric
  }

  /// A batch of mostly admitted verdicts.
  mutating func batch(of rubric: Rubric, _ compiled: CompiledRubric) -> BatchSample {
    var sample = BatchSample(
      rollouts: random.pick([0, 1, 7, 8, 9, 16, 23]), columns: compiled.columns)
    if random.chance(2) { sample.rollouts = 530 }
    let scales = Dictionary(
      judgedScales(of: rubric).map { ($0.id, $0.scale) }, uniquingKeysWith: { $1 })
    let odd = random.pick([0, 0, 1, 10])
    for _ in 0..<sample.rollouts {
      sample.verdicts.append(
        sample.columns.map { column in
          guard !random.chance(odd), let scale = scales[column.id] else {
            return random.pick([
              .nan, .signalingNaN, .infinity, -.infinity, -0.0, 0.5, -1, 2, 1e300,
              .leastNonzeroMagnitude,
              column.max.nextUp, column.min.nextDown, 1.0.nextDown, Double(random.below(9)),
              .greatestFiniteMagnitude, 4503599627370497.5,
            ])
          }
          let verdict = value(in: scale)
          return verdict == 0 && random.chance(10) ? -0.0 : verdict
        })
    }
    if random.chance(30) {
      let gaps = random.pick([0, 1, 10])
      sample.mask = (0..<sample.rollouts * sample.columns.count).map { _ in
        random.chance(gaps) ? UInt8(random.below(4)) : 0
      }
    }
    return sample
  }

  /// Bytes between rollouts and between criteria, so that no two cells overlap.
  mutating func strides(of sample: BatchSample) -> (row: Int, column: Int) {
    let (rollouts, criteria) = (max(sample.rollouts, 1), max(sample.columns.count, 1))
    let gap = random.pick([8, 8, 8, 16, 9])
    var (row, column) = (gap * criteria + random.pick([0, 0, 8, 5]), gap)
    if random.chance(30) { (row, column) = (gap, gap * rollouts + random.pick([0, 8, 5])) }
    return (random.chance(15) ? -row : row, random.chance(15) ? -column : column)
  }
}
