internal import MetaEditor
internal import RubricStore

/// Makes graded rollouts in which it is known what verdicts follow.
struct Planting {
  /// What a rollout is like underneath, each 0..<1.
  struct Planted {
    var number: Int
    /// How good it is.
    var quality: Double
    /// How long it is.
    var length: Double
    /// How late in the training it was made.
    var time: Double
  }

  private var random: SplitMix64
  /// Whether rollouts have a trusted score.
  var hasGold = true
  /// How many steps the training has; 0 for none.
  var steps = 0
  /// What is added to prompts, responses and reasons.
  var injection = ""
  /// What rollouts are named before their number.
  var prefix = "rollout-"
  /// Who judged.
  var judges = [JudgeStamp(model: "scenario")]
  /// What the records name as their rubric.
  var version = ConformanceScenario.version

  init(seed: UInt64) { random = SplitMix64(seed: seed) }

  /// A number of the standard normal distribution, made small.
  mutating func noise(_ size: Double) -> Double { random.normal() * size }

  /// Makes records.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - rubric: The rubric whose criteria are judged.
  ///   - other: The verdict where there is no value.
  ///   - verdict: What the judge finds, 0...1 from the worst to the best; nil for `other`.
  /// - Returns: The records, in the order of the training.
  mutating func records(
    _ count: Int, for rubric: Rubric, other: Verdict = .notApplicable,
    verdict: (Planted, Criterion, inout Planting) -> Double?
  ) -> [GradedRollout] {
    (0..<count).map { number in
      let time = Double(number) / Double(max(1, count))
      let rollout = Planted(
        number: number, quality: random.unit(), length: random.unit(), time: time)
      var record = GradedRollout(text(of: rollout), rubric: version, verdicts: [:])
      record.judge = judges[number % judges.count]
      for criterion in rubric.judgedCriteria {
        if let share = verdict(rollout, criterion, &self) {
          record.verdicts[criterion.id] = Verdict(
            .value(criterion.verdict(nearest: share)),
            reason: injection.isEmpty ? nil : injection)
        } else {
          record.verdicts[criterion.id] = other
        }
      }
      if rubric.judge.mode == .holistic, let id = CriterionID(rawValue: rubric.id.rawValue) {
        record.verdicts = [id: .value(min(1, max(0, 0.2 * rollout.quality + 0.8 * rollout.length)))]
      }
      return record
    }
  }

  private mutating func text(of rollout: Planted) -> Rollout {
    let words = (0..<5 + Int(rollout.length * 200)).map { _ in "word\(random.next() % 5_000)" }
    let name = "\(prefix)\(rollout.number)"
    let gold = hasGold ? rollout.quality + noise(0.05) : nil
    return Rollout(
      name: name, prompt: "Say something about it. \(injection)",
      response: words.joined(separator: " ") + injection, gold: gold,
      step: steps > 0 ? Int(rollout.time * Double(steps)) : nil)
  }
}

extension Criterion {
  /// The verdict of the scale that lies nearest to a share of the way from the worst to the best.
  func verdict(nearest share: Double) -> Double {
    guard let bounds = scale.bounds else { return 0 }
    let share = polarity == .positive ? share : 1 - share
    let value = bounds.min + min(1, max(0, share)) * (bounds.max - bounds.min)
    let admitted: [Double] =
      switch scale {
      case .binary: [0, 1]
      case .levels(let levels): levels.map(\.value)
      case .numeric(let range, _):
        if let step = range.step {
          [range.min + ((value - range.min) / step).rounded() * step]
        } else {
          [value]
        }
      }
    return admitted.min { ($0 - value).magnitude < ($1 - value).magnitude } ?? bounds.min
  }
}
