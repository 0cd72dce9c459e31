import Glibc
import MetaEditor
import RubricStore

/// Trains a policy against a rubric in a store.
struct Trainer {
  let setup: Setup
  let arm: Arm
  let seed: UInt64
  private let random: Stream

  init(_ setup: Setup, _ arm: Arm, seed: UInt64) {
    (self.setup, self.arm, self.seed) = (setup, arm, seed)
    random = Stream(seed: seed)
  }

  /// Runs the loop in the store of `folder`, which holds nothing yet.
  func run(in folder: String) async throws -> Run {
    let store = try Store.create(folder).store
    try store.create(
      setup.rubric, rationale: "Where the run starts", author: Author.trainer(at: 0))
    var run = Run(arm: arm, seed: seed)
    var policy = WritingPolicy(setup.policy)
    // The rubric by its commit's hash: the version that every reward is of.
    var pin = try store.pull()
    var records: [GradedRollout] = []
    for update in 0..<setup.updates {
      if update > 0, update.isMultiple(of: setup.interval) {
        try note(records.suffix(setup.interval * setup.batch), update, of: pin, in: store)
      }
      if arm != .fixed, update > 0, update.isMultiple(of: setup.interval) {
        let step = try await MetaStep(store: store, pin: pin, update: update).make(from: records)
        run.steps.append(step.told)
        // What was graded under the same rubric stays evidence; what was not is never mixed in.
        if step.pin.rubric != pin.rubric { records.removeAll() }
        pin = step.pin
      }
      let batch = grade((0..<setup.batch).map { write($0, update, policy) }, update, pin)
      let scored = batch.compactMap { item in item.reward.map { (sample: item.sample, reward: $0) }
      }
      policy.learn(scored)
      records += batch.map { $0.record }
      run.rewards.append(Self.mean(scored.map { $0.reward }))
      run.golds.append(
        Self.mean(batch.map { Marker.gold($0.sample.text, on: $0.sample.topic) }))
    }
    try note(records.suffix(setup.interval * setup.batch), setup.updates, of: pin, in: store)
    run.habits = policy.habits
    return run
  }

  /// Records what a trainer sees of a version: `rubricctl log --metrics` shows it.
  private func note(
    _ records: ArraySlice<GradedRollout>, _ update: Int, of pin: Pin, in store: Store
  ) throws {
    let measured: [(name: MetricName, values: [Double])] = [
      ("reward", records.compactMap(\.reward)), ("marks", records.compactMap(\.rollout.gold)),
    ]
    let metrics = measured.filter { !$0.values.isEmpty }.map { name, values in
      Metric(
        name, (Self.mean(values) * 1_000).rounded() / 1_000, step: update,
        rubric: pin.rubric.id, seconds: Author.seconds(at: update))
    }
    try store.note(metrics, on: pin.commit, author: Author.trainer(at: update))
  }

  private func write(_ index: Int, _ update: Int, _ policy: WritingPolicy) -> WritingPolicy.Sample {
    var draws = random.named(Purpose.prompt, UInt64(update), UInt64(index))
    let topic = Topic.all[draws.index(below: Topic.all.count)]
    var moves = random.named(Purpose.moves, UInt64(update), UInt64(index))
    return policy.write(on: topic, &moves)
  }

  private struct Graded {
    var sample: WritingPolicy.Sample
    var record: GradedRollout
    var reward: Double?
  }

  private func grade(_ samples: [WritingPolicy.Sample], _ update: Int, _ pin: Pin) -> [Graded] {
    let compiled = CompiledRubric(pin.rubric)
    let grader = setup.judge.reading(pin.rubric)
    return samples.enumerated().map { index, sample in
      let draws = random.named(Purpose.judge, UInt64(update), UInt64(index))
      let verdicts = grader.grade(sample.text, to: sample.topic.question, draws)
      let rollout = Rollout(
        name: "u\(update)-\(index)", prompt: sample.topic.question, response: sample.text,
        gold: mark(sample, update, index), step: update)
      var record = GradedRollout(
        rollout, rubric: pin.commit.hex, verdicts: verdicts, judge: Judge.stamp)
      record.reward = compiled.score(record.judgement).reward
      return Graded(sample: sample, record: record, reward: record.reward)
    }
  }

  /// A person's mark, where one was asked for.
  private func mark(_ sample: WritingPolicy.Sample, _ update: Int, _ index: Int) -> Double? {
    guard arm == .evolving else { return nil }
    var draws = random.named(Purpose.marker, UInt64(update), UInt64(index))
    guard draws.uniform() < setup.goldShare else { return nil }
    return setup.marker.mark(sample.text, on: sample.topic, &draws)
  }

  private static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
  }
}

/// Who commits, and when: by the training's own clock, a minute an update, so that the same seed gives
/// the same hashes.
enum Author {
  private static let name = "Trainer"
  private static let email = "trainer@example.org"

  static func trainer(at update: Int) -> Identity {
    Identity(name: name, email: email, seconds: seconds(at: update), offsetMinutes: 0)
  }

  static func seconds(at update: Int) -> Int64 { 946_684_800 + 60 * Int64(update) }

  /// Tells git's library who commits in this process, and stops its clock.
  static func settle() {
    setenv("GIT_COMMITTER_NAME", name, 1)
    setenv("GIT_COMMITTER_EMAIL", email, 1)
    setenv("GIT_COMMITTER_DATE", "\(seconds(at: 0)) +0000", 1)
  }
}
