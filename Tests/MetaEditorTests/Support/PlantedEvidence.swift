import MetaEditor
import RubricStore

/// What a rollout is like underneath; each 0..<1 unless said otherwise.
struct Latent {
  var number: Int
  var quality: Double
  var length: Double
  /// How late in the training.
  var time: Double
  /// Standard normal noise, one for each criterion.
  var noises: [CriterionID: Double]

  /// The noise of a criterion, in multiples of `size`.
  func noise(_ id: CriterionID, _ size: Double) -> Double { size * (noises[id] ?? 0) }
}

/// Evidence in which it is known what verdicts follow.
struct PlantedEvidence {
  var rubric: Rubric
  var seed: UInt64 = 1
  var count = 240
  var hasGold = true
  var hasSteps = false
  /// The trusted score; its quality if not said otherwise.
  var gold: (Latent) -> Double = { $0.quality }
  /// What the judge finds of a criterion, 0...1 from the worst to the best.
  var share: (Latent, CriterionID) -> Double
  /// Changes a record before it is gathered.
  var change: (inout GradedRollout, Latent) -> Void = { _, _ in }

  static let version = "abc"

  var records: [GradedRollout] {
    var random = SplitMix64(seed: seed)
    let judged = rubric.judgedCriteria
    return (0..<count).map { number in
      let latent = Latent(
        number: number, quality: random.unit(), length: random.unit(),
        time: Double(number) / Double(count),
        noises: judged.reduce(into: [:]) { $0[$1.id] = random.normal() })
      let words = (0..<10 + Int(latent.length * 60)).map { _ in "w\(random.next() % 9_973)" }
      var record = GradedRollout(
        Rollout(
          name: "r\(seed)-\(number)", prompt: "Write.", response: words.joined(separator: " "),
          gold: hasGold ? gold(latent) : nil, step: hasSteps ? Int(latent.time * 50) : nil),
        rubric: Self.version, verdicts: [:])
      for criterion in judged {
        record.verdicts[criterion.id] = .value(criterion.nearest(share(latent, criterion.id)))
      }
      change(&record, latent)
      return record
    }
  }

  var evidence: Evidence { Self.gathered(records, rubric) }

  static func gathered(_ records: [GradedRollout], _ rubric: Rubric) -> Evidence {
    var gatherer = EvidenceGatherer(rubric: rubric) { $0 == version }
    for record in records { gatherer.add(record) }
    return gatherer.gathered
  }

  func request(policy: Policy = Policy(), history: [String] = []) -> ProposalRequest {
    ProposalRequest(
      rubric: rubric, commit: .zero, evidence: evidence, policy: policy, history: history)
  }
}

extension Criterion {
  /// The verdict of the scale that is nearest to a share of the way from the worst to the best.
  func nearest(_ share: Double) -> Double {
    guard let bounds = scale.bounds else { return 0 }
    let share = min(1, max(0, polarity == .positive ? share : 1 - share))
    let value = bounds.min + share * (bounds.max - bounds.min)
    switch scale {
    case .binary: return value >= 0.5 ? 1 : 0
    case .levels(let levels):
      return levels.map(\.value).min { ($0 - value).magnitude < ($1 - value).magnitude } ?? value
    case .numeric(let range, _):
      guard let step = range.step else { return value }
      return range.min + ((value - range.min) / step).rounded() * step
    }
  }
}

enum TestRubrics {
  /// Criteria on numbers from 0 to 10, which the ids name.
  static func numeric(_ ids: [CriterionID], max: Double = 10) -> Rubric {
    Rubric(id: "essay", title: "Essay", criteria: ids.map { numeric($0, max: max) })
  }

  static func numeric(_ id: CriterionID, max: Double = 10) -> Criterion {
    var criterion = binary(id)
    criterion.scale = .numeric(NumericRange(min: 0, max: max, step: 1), levels: [])
    return criterion
  }

  static func binary(_ id: CriterionID) -> Criterion {
    Criterion(id: id, title: id.rawValue, text: "Has \(id).")
  }

  static func levels(_ id: CriterionID, _ values: [Double] = [0, 1, 2, 3]) -> Criterion {
    var criterion = binary(id)
    criterion.scale = .levels(values.map { Level(value: $0, text: "\(id) \($0)") })
    return criterion
  }
}
