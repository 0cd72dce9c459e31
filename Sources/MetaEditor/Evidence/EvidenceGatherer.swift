public import RubricStore

/// Gathers evidence, one record at a time.
///
/// ```swift
/// var gatherer = EvidenceGatherer(rubric: pin.rubric) { stamp in isSameVersion(stamp) }
/// for line in lines { try gatherer.add(line: line, number: number) }
/// let evidence = gatherer.gathered
/// ```
public struct EvidenceGatherer {
  private let compiled: CompiledRubric
  private let settings: Evidence.Settings
  private let isSameVersion: (String) -> Bool
  private var versions: [String: Bool] = [:]
  private var evidence: Evidence
  private var criteria: [(id: CriterionID, scale: Scale, gate: Gate?, mirror: Double?)] = []
  /// The sample so far.
  private var sample: BoundedHeap<Candidate>
  /// The greatest key in the sample where it is full.
  private var worst: UInt64?
  private var digest = SHA256()
  private var hasLines = false
  /// The id under which a holistic judge answers; nil for a rubric that is judged by criterion.
  private let whole: CriterionID?
  /// The most bytes of a judge's reason that are kept.
  static let reasonBytes = 2_048

  /// Creates a gatherer.
  ///
  /// - Parameters:
  ///   - rubric: The rubric that the evidence is about, valid.
  ///   - settings: How much is kept.
  ///   - isSameVersion: Whether what a record names as its rubric is this very rubric; asked once a
  ///     name.
  public init(
    rubric: Rubric, settings: Evidence.Settings = Evidence.Settings(),
    isSameVersion: @escaping (String) -> Bool
  ) {
    compiled = CompiledRubric(rubric)
    self.settings = settings
    sample = BoundedHeap(capacity: settings.sample)
    self.isSameVersion = isSameVersion
    evidence = Evidence(rubric: rubric)
    whole = rubric.judge.mode == .holistic ? CriterionID(rawValue: rubric.id.rawValue) : nil
    for criterion in rubric.judgedCriteria {
      evidence.tallies[criterion.id] = VerdictTally()
      let mirror = criterion.scale.bounds.map { $0.min + $0.max }
      criteria.append(
        (
          criterion.id, criterion.scale, criterion.gate,
          criterion.polarity == .negative ? mirror : nil
        ))
    }
  }

  /// Reads a line and adds what it holds; an empty line holds nothing.
  ///
  /// - Throws: ``SyntaxError`` for a line that is no evidence; nothing is added then.
  public mutating func add(line: [UInt8], number: Int) throws(SyntaxError) {
    guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }) else { return }
    let record = try GradedRollout(parsing: line, lineNumber: number)
    hasLines = true
    digest.update(line)
    digest.update([0x0A])
    add(record)
  }

  /// Adds a record.
  ///
  /// - Complexity: O(*m* + *t*) in criteria and text; the log of the sample's size where it is kept.
  public mutating func add(_ record: GradedRollout) {
    guard matches(record.rubric), isAboutThis(record) else {
      evidence.otherCount += 1
      Self.count(record.rubric, in: &evidence.otherVersions)
      return
    }
    evidence.count += 1
    if let judge = record.judge { Self.count(judge, in: &evidence.judges) }
    tally(record.verdicts)
    let score = compiled.score(record.judgement)
    if let reward = score.reward {
      evidence.scored += 1
      if let other = record.reward,
        (other - reward).magnitude > 1e-6 * max(1, reward.magnitude)
      {
        evidence.otherRewards += 1
      }
    }
    keep(record, score)
  }

  /// What was gathered so far.
  public var gathered: Evidence {
    var result = evidence
    result.sample = sample.sorted.map(\.item)
    if hasLines { result.digest = digest.finished }
    return result
  }

  /// Whether a record is about this rubric and not another one of the same commit, as far as its
  /// verdicts tell; one that names `RUBRIC@COMMIT`, or has no verdicts, leaves no doubt.
  private func isAboutThis(_ record: GradedRollout) -> Bool {
    guard !record.rubric.contains("@"), !record.verdicts.isEmpty else { return true }
    return record.verdicts.keys.contains { evidence.tallies[$0] != nil || $0 == whole }
  }

  private mutating func matches(_ stamp: String) -> Bool {
    if let known = versions[stamp] { return known }
    let answer = isSameVersion(stamp)
    // A stream that names ever new versions must not fill the memory.
    if versions.count < 10_000 { versions[stamp] = answer }
    return answer
  }

  private static func count<Name: Hashable>(_ name: Name, in counts: inout [Name: Int]) {
    if counts[name] != nil || counts.count < Evidence.versionLimit { counts[name, default: 0] += 1 }
  }

  private mutating func tally(_ verdicts: [CriterionID: Verdict]) {
    for (id, scale, gate, mirror) in criteria {
      guard var tally = evidence.tallies[id] else { continue }
      switch verdicts[id]?.answer {
      case nil: tally.missing += 1
      case .notApplicable: tally.notApplicable += 1
      case .error: tally.errors += 1
      case .value(let value):
        guard let bounds = scale.bounds, value >= bounds.min, value <= bounds.max else {
          tally.invalid += 1
          break
        }
        tally.values += 1
        if value == bounds.max { tally.atTop += 1 }
        if value == bounds.min { tally.atBottom += 1 }
        if let gate, (mirror.map { $0 - value } ?? value) < gate.min { tally.belowGate += 1 }
      }
      evidence.tallies[id] = tally
    }
  }

  private mutating func keep(_ record: GradedRollout, _ score: Score) {
    let key = Self.key(of: record.rollout.name)
    // Most records of a long stream are not kept, and need not be looked at.
    if let worst, key > worst { return }
    var kept = record
    let surface = SurfaceFeatures(of: record.rollout)
    // What nothing reads must not fill the memory.
    kept.rollout.ext = Extensions()
    kept.verdicts = record.verdicts.filter { evidence.tallies[$0.key] != nil || $0.key == whole }
      .mapValues { verdict in
        var verdict = verdict
        verdict.reason = verdict.reason.map { Excerpt.start(of: $0, bytes: Self.reasonBytes) }
        return verdict
      }
    kept.rollout.prompt = Excerpt.start(of: record.rollout.prompt, bytes: settings.textBytes)
    kept.rollout.response = Excerpt.start(of: record.rollout.response, bytes: settings.textBytes)
    sample.insert(
      Candidate(item: SampledRollout(record: kept, score: score, surface: surface, key: key)))
    worst = sample.largest?.item.key
  }

  /// A number that the name decides, evenly spread.
  static func key(of name: String) -> UInt64 { SplitMix64.mixed(FNV1a.hash(name)) }
}

/// A record by what decides whether it is kept: its name, and for several of one name what they hold.
private struct Candidate: Comparable {
  var item: SampledRollout

  static func == (left: Candidate, right: Candidate) -> Bool {
    !(left < right) && !(right < left)
  }

  static func < (left: Candidate, right: Candidate) -> Bool {
    if left.item.key != right.item.key { return left.item.key < right.item.key }
    // Seldom: one name that was graded several times.
    return left.item.record.json.jsonText.utf8.lexicographicallyPrecedes(
      right.item.record.json.jsonText.utf8)
  }
}
