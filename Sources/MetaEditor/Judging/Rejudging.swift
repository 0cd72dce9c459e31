public import RubricStore

/// Grades records again in part: where the rubric has changed, and only there.
///
/// For each record the model is asked about the criteria that are named for it. Its other verdicts are
/// taken over where the version that they were made under is comparable in them with the new one
/// (SPEC.md §5.4); those that are neither named nor comparable are left out. The record then stands
/// under the new commit.
///
/// - SeeAlso: SPEC.md §17.3.
public struct Rejudging: Sendable {
  /// What was found about a version that records name.
  private enum Origin: Sendable {
    case unknown
    case known(Comparability)
  }

  /// Which criteria are asked about again, by the names of the rollouts.
  public let pairs: RejudgingPairs
  /// Verdicts that were taken over so far.
  public private(set) var carried = 0
  /// Verdicts that were left out so far, since they are neither named nor comparable.
  public private(set) var left = 0
  /// Records so far that do not say who judged.
  public private(set) var unstamped = 0
  /// Versions that could not be looked up, at most a hundred.
  public private(set) var unknownVersions: Set<String> = []
  /// Rollouts of the pairs that have not come by yet.
  public private(set) var waiting: Set<String>

  private let rubric: Rubric
  private let commit: String
  private let stamp: JudgeStamp
  private let known: Set<CriterionID>
  private let version: @Sendable (String) -> Rubric?
  private var origins: [String: Origin] = [:]

  /// Creates it.
  ///
  /// - Parameters:
  ///   - judge: Who is to be asked.
  ///   - pairs: What about.
  ///   - version: The rubric that a record names as the one that it was graded by, nil where it cannot
  ///     be had; asked once a name.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` where a pair names what
  ///   the judge is not asked about, or is for a version under which the judge is asked other things.
  public init(
    _ judge: Judge, pairs: RejudgingPairs, version: @escaping @Sendable (String) -> Rubric?
  ) throws(ProposerError) {
    self.pairs = pairs
    self.version = version
    rubric = judge.rubric
    commit = judge.commit.hex
    stamp = judge.stamp
    known = Set(judge.criteria.map(\.id))
    // One overall verdict rests on every criterion.
    let named = known.union(rubric.judgedCriteria.map(\.id))
    waiting = Set(pairs.criteria.keys)
    for other in pairs.commits.sorted() where other != commit {
      switch version(other)?.comparability(to: rubric) {
      case .identical, .cosmetic, .recompute: continue
      case .rejudge, .incomparable, nil:
        throw ProposerError(
          .invalidInput,
          "the pairs are for the rubric at \(other.prefix(12)), and it is judged by the one at "
            + commit.prefix(12),
          hint: "judge by `\(rubric.id)@\(other.prefix(12))`, or ask `replay` for the pairs anew")
      }
    }
    for (rollout, ids) in pairs.criteria.sorted(by: { $0.key < $1.key }) {
      guard let id = ids.subtracting(named).min() else { continue }
      throw ProposerError(
        .invalidInput,
        "the pairs name `\(id)` for the rollout \(NodeReader.quote(rollout)), and the judge is not "
          + "asked about it",
        hint: Suggestion.didYouMean(id.rawValue, among: known.map(\.rawValue).sorted())
          ?? "it is a group, inactive, or not in `\(rubric.id)` at \(commit.prefix(12))")
    }
  }

  /// What is to be asked about a record, and what of it stands.
  ///
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` where another judge
  ///   made it: verdicts of two judges in one record could not be told apart.
  public mutating func task(for record: GradedRollout) throws(ProposerError) -> JudgingTask {
    let name = record.rollout.name
    waiting.remove(name)
    let asked = pairs.criteria[name] ?? []
    // One call covers all criteria, and then nothing of the old verdicts is left.
    if rubric.judge.mode != .perCriterion, !asked.isEmpty { return JudgingTask(record.rollout) }
    var task = JudgingTask(record.rollout, criteria: asked)
    let isCarried = carrying(record.rubric)
    for (id, verdict) in record.verdicts where known.contains(id) && isCarried(id) {
      if !asked.contains(id) { task.carried[id] = verdict }
    }
    carried += task.carried.count
    left += known.count - known.intersection(asked.union(task.carried.keys)).count
    guard !task.carried.isEmpty else { return task }
    guard let judge = record.judge else {
      unstamped += 1
      return task
    }
    guard judge == stamp else {
      throw ProposerError(
        .invalidInput,
        "the rollout \(NodeReader.quote(name)) was judged by \(judge.words), and this judge is "
          + "\(stamp.words): verdicts of both in one record could not be told apart",
        hint: "ask the same model with the same templates and settings, or judge all of it again, "
          + "without the pairs")
    }
    return task
  }

  /// Whether verdicts that were made under a version stand under the new one, by criterion.
  private mutating func carrying(_ stamp: String) -> (CriterionID) -> Bool {
    switch origin(stamp) {
    case .known(.identical), .known(.cosmetic), .known(.recompute): return { _ in true }
    case .known(.rejudge(let ids)) where rubric.judge.mode == .perCriterion:
      let ids = Set(ids)
      return { !ids.contains($0) }
    case .unknown, .known: return { _ in false }
    }
  }

  private mutating func origin(_ stamp: String) -> Origin {
    if let known = origins[stamp] { return known }
    let origin: Origin
    if let old = version(stamp) {
      origin = .known(old.comparability(to: rubric))
    } else {
      origin = .unknown
      if unknownVersions.count < 100 { unknownVersions.insert(stamp) }
    }
    // A stream that names ever new versions must not fill the memory.
    if origins.count < 10_000 { origins[stamp] = origin }
    return origin
  }
}

/// Which criteria of which rollouts are to be judged again.
public struct RejudgingPairs: Hashable, Sendable {
  /// The criteria, by the names of the rollouts.
  public var criteria: [String: Set<CriterionID>] = [:]
  /// The commits that the pairs are for, where they say so.
  public var commits: Set<String> = []

  /// Creates pairs of nothing.
  public init() {}

  /// The number of pairs.
  public var count: Int { criteria.values.reduce(0) { $0 + $1.count } }

  /// Adds the pair of a line, `{"rollout": "r1", "criterion": "flow"}`, with the commit that it is for
  /// as `rubric` or without it; other keys are passed over, and an empty line holds nothing.
  ///
  /// - Parameters:
  ///   - line: The bytes, with or without the line break.
  ///   - lineNumber: The line's number in its file, counted from 1, for messages.
  /// - Throws: ``SyntaxError`` for a line that is no pair.
  public mutating func add(line: [UInt8], number lineNumber: Int) throws(SyntaxError) {
    guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D || $0 == 0x0A }) else { return }
    let value: JSONValue
    do throws(SyntaxError) {
      value = try JSONReader.parse(line)
    } catch {
      var error = error
      for index in error.findings.indices { error.findings[index].mark?.line = lineNumber }
      throw error
    }
    guard let rollout = value["rollout"]?.string, let word = value["criterion"]?.string,
      let id = CriterionID(rawValue: word)
    else {
      throw SyntaxError(findings: [
        Finding(
          code: .wrongType, mark: SourceMark(offset: 0, line: lineNumber, column: 1), path: "",
          message: "the line names no pair",
          hint: "a pair is {\"rollout\": \"NAME\", \"criterion\": \"ID\"}, as `replay` prints it")
      ])
    }
    criteria[rollout, default: []].insert(id)
    if let commit = value["rubric"]?.string { commits.insert(commit) }
  }
}

extension JudgeStamp {
  /// The stamp in few words: `qwen2.5-7b (prompt 3f9c2ab1d0e4)`.
  public var words: String { "`\(model)`" + (prompt.map { " (prompt \($0))" } ?? "") }
}
