internal import RubricStore

/// What rollouts would earn under another version of their rubric, by the verdicts that they have.
///
/// A criterion that both versions have keeps its verdict. In a scale of another width it keeps its
/// place between the ends, at the nearest verdict that the new scale admits. A criterion that a split
/// made has the verdict of the one that was split; one that a merge made has the mean place of those
/// that were merged. A criterion without any such verdict is left out of the formula, its weight too.
struct HeldRewards {
  /// The rewards of one rollout.
  struct Pair {
    /// Its index in the sample.
    var index: Int
    var before: Double
    var after: Double
  }

  /// The rollouts that have a reward under both.
  private(set) var pairs: [Pair] = []
  /// How many have a reward before and none after.
  private(set) var lost = 0
  /// The criteria that are left out, since nothing is known of their verdicts.
  private(set) var leftOut: [CriterionID] = []
  /// Why the verdicts are an assumption; nil where they carry over.
  private(set) var assumption: String?

  /// Scores the sample under `after`.
  ///
  /// - Returns: Nil where the judge would be asked for other verdicts altogether.
  init?(of sample: [SampledRollout], from before: Rubric, to after: Rubric, by edits: [Edit]) {
    guard (before.judge.mode == .holistic) == (after.judge.mode == .holistic) else { return nil }
    var scored = after
    var verdicts: [VerdictSource] = []
    if after.judge.mode == .holistic {
      verdicts = [VerdictSource(holisticVerdictOf: after)]
    } else {
      let known = Dictionary(before.judgedCriteria.map { ($0.id, $0) }) { first, _ in first }
      let ancestry = Ancestry(of: edits)
      for criterion in after.judgedCriteria {
        let sources = ancestry.sources(of: criterion.id).compactMap { known[$0] }
        if sources.isEmpty {
          leftOut.append(criterion.id)
        } else {
          verdicts.append(VerdictSource(of: criterion, from: sources))
        }
      }
      let unknown = Set(leftOut)
      if !unknown.isEmpty { scored.criteria.deactivate(unknown) }
    }
    assumption = Self.assumption(before.comparability(to: after))

    let compiled = CompiledRubric(scored)
    // Nothing need be copied where every verdict stays under its own name.
    let isPlain =
      verdicts.allSatisfy(\.isPlain)
      && (before.judge.mode == .holistic || verdicts.count == before.judgedCriteria.count)
    for (index, rollout) in sample.enumerated() {
      guard let reward = rollout.reward else { continue }
      var judgement = rollout.record.judgement
      if !isPlain {
        let old = judgement.verdicts
        judgement.verdicts = [:]
        for source in verdicts { judgement.verdicts[source.id] = source.verdict(in: old) }
      }
      if let after = compiled.score(judgement).reward {
        pairs.append(Pair(index: index, before: reward, after: after))
      } else {
        lost += 1
      }
    }
  }

  private static func assumption(_ comparability: Comparability) -> String? {
    switch comparability {
    case .identical, .cosmetic, .recompute: return nil
    case .incomparable:
      return "an estimate by the old verdicts, since the judge would be asked in another way"
    case .rejudge(let ids):
      let names = Suggestion.list(ids.prefix(3).map(\.rawValue), conjunction: "and")
      return "an estimate by the old verdicts, since the judge would read something else about "
        + names + (ids.count > 3 ? " and \(ids.count - 3) more" : "")
    }
  }
}

/// Which criteria became which by splits and merges.
private struct Ancestry {
  private var parents: [CriterionID: [CriterionID]] = [:]

  init(of edits: [Edit]) {
    for edit in edits {
      switch edit.change {
      case .split(let before, let after), .mergeCriteria(let before, let after):
        let old = before.flatMap { Self.leaves($0.criterion) }
        let sources = old.reduce(into: [CriterionID]()) { found, id in
          for source in self.sources(of: id) where !found.contains(source) { found.append(source) }
        }
        for id in after.flatMap({ Self.leaves($0.criterion) }) { parents[id] = sources }
      default: break
      }
    }
  }

  /// The criteria of the rubric before, as far as it has them.
  func sources(of id: CriterionID) -> [CriterionID] { parents[id] ?? [id] }

  private static func leaves(_ criterion: Criterion) -> [CriterionID] {
    criterion.isGroup ? criterion.criteria.flatMap(leaves) : [criterion.id]
  }
}

/// Where a criterion's verdict comes from.
private struct VerdictSource {
  let id: CriterionID
  /// The criteria whose verdicts it has, with the ends of their scales; `mirrored` ones are good where
  /// it is bad.
  private var sources: [(id: CriterionID, low: Double, high: Double, mirrored: Bool)] = []
  private var scale = Scale.binary
  /// Whether the verdict stays as it is, under its name.
  let isPlain: Bool
  /// Whether a verdict keeps its value where the new scale admits it: a level was added or removed.
  private var keepsValues = false

  init(holisticVerdictOf rubric: Rubric) {
    id = CriterionID(unchecked: rubric.id.rawValue)
    isPlain = true
  }

  init(of criterion: Criterion, from old: [Criterion]) {
    id = criterion.id
    scale = criterion.scale
    isPlain = old.count == 1 && old[0].id == id && old[0].scale.admitsLike(scale)
    keepsValues = old.count == 1 && old[0].scale.hasLevelsWithin(scale)
    for source in old {
      guard let bounds = source.scale.bounds else { continue }
      sources.append(
        (
          source.id, bounds.min, bounds.max,
          old.count > 1 && source.polarity != criterion.polarity
        ))
    }
  }

  func verdict(in verdicts: [CriterionID: Verdict]) -> Verdict? {
    guard !isPlain else { return verdicts[id] }
    var sum = 0.0
    var count = 0.0
    for source in sources {
      guard case .value(let value)? = verdicts[source.id]?.answer else { continue }
      if keepsValues, scale.levels.contains(where: { $0.value == value }) { return .value(value) }
      let place = (value - source.low) / (source.high - source.low)
      sum += source.mirrored ? 1 - place : place
      count += 1
    }
    guard count > 0 else { return sources.first.flatMap { verdicts[$0.id] } }
    return scale.nearest(to: sum / count).map { .value($0) }
  }
}

extension Scale {
  /// Whether both admit the same verdicts, whatever they say of them.
  fileprivate func admitsLike(_ other: Scale) -> Bool {
    switch (self, other) {
    case (.binary, .binary): true
    case (.levels(let left), .levels(let right)): Set(left.map(\.value)) == Set(right.map(\.value))
    case (.numeric(let left, _), .numeric(let right, _)): left == right
    default: false
    }
  }

  /// Whether both are levels, and all of one are among those of the other.
  fileprivate func hasLevelsWithin(_ other: Scale) -> Bool {
    guard case .levels(let left) = self, case .levels(let right) = other else { return false }
    let (old, new) = (Set(left.map(\.value)), Set(right.map(\.value)))
    return old.isSubset(of: new) || new.isSubset(of: old)
  }

  /// The admitted verdict that is nearest to a place between the ends, 0 to 1; nil without ends.
  fileprivate func nearest(to place: Double) -> Double? {
    guard let bounds else { return nil }
    let wanted = bounds.min + place * (bounds.max - bounds.min)
    switch self {
    case .binary: return wanted.rounded() > 0 ? 1 : 0
    case .levels(let levels):
      return levels.map(\.value).min { ($0 - wanted).magnitude < ($1 - wanted).magnitude }
    case .numeric(let range, _):
      guard let step = range.step, step > 0 else {
        return Swift.min(Swift.max(wanted, range.min), range.max)
      }
      let stepped = range.min + ((wanted - range.min) / step).rounded() * step
      return Swift.min(Swift.max(stepped, range.min), range.max)
    }
  }
}

extension [Criterion] {
  /// Takes criteria out of what counts.
  fileprivate mutating func deactivate(_ ids: Set<CriterionID>) {
    for index in indices {
      if self[index].isGroup {
        self[index].criteria.deactivate(ids)
      } else if ids.contains(self[index].id) {
        self[index].status = .inactive
      }
    }
  }
}
