internal import RubricStore

/// Edits that are made together or not at all, with what stands behind them.
struct PlannedEdit: Sendable {
  var edits: [Edit.Change]
  var diagnosis: Diagnosis
  /// All reasons, the weightiest first.
  var reason: String
}

/// Turns diagnoses into edits that can be made on the rubric as it is.
///
/// A criterion gets at most one edit a field, and none beside being set aside. A weight is lowered by
/// ``StatisticalSettings/weightStep`` at most and never below a share of the median weight of the
/// siblings that nothing is held against; a criterion that is there already is set aside, and then it
/// is no longer looked at. So the same evidence leads to an end after few updates.
struct EditPlan {
  private(set) var edits: [PlannedEdit] = []
  private(set) var observations: [String] = []
  private let study: Study
  /// How many criteria are set aside, by family.
  private var leaving: [Int: Int] = [:]
  /// The median weight of those that are not accused, by family.
  private var references: [Int: Double] = [:]

  init(_ diagnoses: [Diagnosis], _ study: Study) {
    self.study = study
    let spared = spared(diagnoses)
    var byCriterion: [CriterionID: [Diagnosis]] = [:]
    for diagnosis in diagnoses {
      if diagnosis.remedy == .lessen, spared.contains(diagnosis.criterion) {
        observations.append(
          "\(diagnosis.reason); it is left as it is, since nothing beside it is better")
        continue
      }
      byCriterion[diagnosis.criterion, default: []].append(diagnosis)
    }
    let accused = Set(
      byCriterion.filter { $0.value.contains { $0.remedy == .lessen } }.keys)
    for leaf in study.layout.leaves {
      guard let own = byCriterion[leaf.id] else { continue }
      let sorted = own.sorted { ($0.concern, -$0.strength) < ($1.concern, -$1.strength) }
      guard !leaf.isPinned else {
        observations += sorted.map { "\($0.reason); it is pinned" }
        continue
      }
      plan(leaf, sorted, accused: accused)
    }
    edits.sort { left, right in
      let (one, other) = (left.diagnosis, right.diagnosis)
      if one.concern != other.concern { return one.concern < other.concern }
      if one.strength != other.strength { return one.strength > other.strength }
      return study.layout.place(of: one.criterion) < study.layout.place(of: other.criterion)
    }
  }

  /// Where all that shares weight is accused, the one that agrees best with the trusted score.
  private func spared(_ diagnoses: [Diagnosis]) -> Set<CriterionID> {
    var worst: [CriterionID: Double] = [:]
    for diagnosis in diagnoses where diagnosis.remedy == .lessen {
      let agreement = diagnosis.agreement ?? 0
      worst[diagnosis.criterion] = min(worst[diagnosis.criterion] ?? .infinity, agreement)
    }
    var spared: Set<CriterionID> = []
    for family in study.layout.families {
      let weighty = family.active.filter { $0.weight > 0 }.map(\.id)
      guard weighty.allSatisfy({ worst[$0] != nil }),
        let best = weighty.compactMap({ worst[$0] }).max(),
        let id = weighty.first(where: { worst[$0] == best })
      else { continue }
      spared.insert(id)
    }
    return spared
  }

  private mutating func plan(_ leaf: Leaf, _ own: [Diagnosis], accused: Set<CriterionID>) {
    if let aside = own.first(where: { $0.remedy == .setAside }) {
      return setAside(leaf, aside, aside.reason)
    }
    let accusations = own.filter { $0.remedy == .lessen }
    if var first = accusations.first {
      for other in accusations.dropFirst() {
        let known = Set(first.rows)
        first.rows += other.rows.filter { !known.contains($0) }
      }
      lessen(leaf, first, accusations.map(\.reason).joined(separator: ". "), accused: accused)
    }
    let isAside = edits.last.map { $0.diagnosis.criterion == leaf.id && $0.isDeactivation } ?? false
    guard !isAside else { return }
    for diagnosis in own {
      switch diagnosis.remedy {
      case .lessen, .setAside: break
      case .weigh(let weight):
        if accusations.isEmpty { weigh(leaf, weight, diagnosis, diagnosis.reason) }
      case .tighten(let reason):
        let before = leaf.criterion.lowerWhen
        add(
          .tighten(
            leaf.id,
            Delta(
              before: Strictness(lowerWhen: before),
              after: Strictness(lowerWhen: before + [reason]))), diagnosis)
      case .relax(let gate):
        add(
          .relax(
            leaf.id,
            Delta(before: Strictness(gate: leaf.criterion.gate), after: Strictness(gate: gate))),
          diagnosis)
      case .activate:
        add(.activate(leaf.id, Delta(before: leaf.criterion.status, after: .active)), diagnosis)
      case .rescale(let scale):
        if own.count == 1 { widen(leaf, scale, diagnosis) }
      case .addLevel(let placed):
        if own.count == 1 { addLevel(leaf, placed, diagnosis) }
      }
    }
  }

  private mutating func add(_ change: Edit.Change, _ diagnosis: Diagnosis) {
    edits.append(PlannedEdit(edits: [change], diagnosis: diagnosis, reason: diagnosis.reason))
  }

  // MARK: - Weights

  private mutating func setAside(_ leaf: Leaf, _ diagnosis: Diagnosis, _ reason: String) {
    let family = study.layout.families[leaf.family]
    guard family.active.count > leaving[leaf.family, default: 0] + 1 else {
      observations.append("\(reason); it is the last beside its siblings that counts, and stays")
      return
    }
    leaving[leaf.family, default: 0] += 1
    edits.append(
      PlannedEdit(
        edits: [
          .deactivate(leaf.id, Delta(before: leaf.criterion.status, after: .diagnostic))
        ], diagnosis: diagnosis, reason: reason))
  }

  private mutating func lessen(
    _ leaf: Leaf, _ diagnosis: Diagnosis, _ reason: String, accused: Set<CriterionID>
  ) {
    let weight = leaf.criterion.weight
    let family = study.layout.families[leaf.family]
    guard weight > 0 else { return }
    guard family.hasWeights else {
      observations.append("\(reason); where it stands, weights have no effect")
      return
    }
    guard
      let reference = references[leaf.family] ?? family.medianWeight(without: accused)
        ?? family.medianWeight(without: [])
    else { return }
    references[leaf.family] = reference
    let floor = reference * min(max(study.settings.weightFloor, 0), 1)
    guard weight > Self.roundedUp(floor) * (1 + 1e-6) else {
      return setAside(leaf, diagnosis, reason)
    }
    weigh(leaf, max(weight / study.settings.weightStep, floor), diagnosis, reason)
  }

  /// Lowers a weight as far as the trust region lets it.
  private mutating func weigh(
    _ leaf: Leaf, _ target: Double, _ diagnosis: Diagnosis, _ reason: String
  ) {
    let weight = leaf.criterion.weight
    let ratio = max(1, study.request.policy.trustRegion.weightRatio ?? .infinity)
    let after = Self.roundedUp(max(target, weight / ratio))
    guard after < weight, after > 0, weight / after <= ratio * (1 + 1e-12) else {
      observations.append("\(reason); the trust region lets no weight move that far")
      return
    }
    let change = Edit.Change.reweight(leaf.id, Delta(before: weight, after: after))
    let from = CanonicalNumber.text(weight)
    edits.append(
      PlannedEdit(
        edits: [change], diagnosis: diagnosis,
        reason: "\(reason). It counts \(CanonicalNumber.text(after)) instead of \(from)"))
  }

  /// The next number with three digits.
  static func roundedUp(_ value: Double) -> Double {
    guard value.isFinite, value > 1e-9, value < 1e12 else { return value }
    var unit = 1.0
    var power = 0
    while value * unit < 100, power < 15 {
      unit *= 10
      power += 1
    }
    var whole = 1.0
    while value / whole >= 1000 { whole *= 10 }
    // A number that has three digits already must not be taken for one that is a little more.
    let digits = value * unit / whole
    let rounded =
      (digits - digits.rounded()).magnitude < 1e-9 * digits
      ? digits.rounded() : digits.rounded(.up)
    return rounded * whole / unit
  }

  // MARK: - Scales

  private mutating func widen(_ leaf: Leaf, _ scale: Scale, _ diagnosis: Diagnosis) {
    guard let old = leaf.criterion.scale.bounds, let new = scale.bounds else { return }
    let change = Edit.Change.rescale(leaf.id, Delta(before: leaf.criterion.scale, after: scale))
    widen(leaf, change, (new.max - new.min) / (old.max - old.min), diagnosis)
  }

  private mutating func addLevel(_ leaf: Leaf, _ placed: PlacedLevel, _ diagnosis: Diagnosis) {
    guard let old = leaf.criterion.scale.bounds else { return }
    widen(
      leaf, .addLevel(leaf.id, placed), (placed.level.value - old.min) / (old.max - old.min),
      diagnosis)
  }

  /// Widens a scale; where verdicts count in their own scale its weight makes up for it.
  private mutating func widen(
    _ leaf: Leaf, _ change: Edit.Change, _ ratio: Double, _ diagnosis: Diagnosis
  ) {
    var edits = [change]
    let weight = leaf.criterion.weight
    if study.layout.families[leaf.family].isRaw, ratio > 1, weight > 0 {
      let after = Self.roundedUp(weight / ratio)
      let allowed = study.request.policy.trustRegion.weightRatio ?? .infinity
      guard after > 0, after < weight, weight / after <= allowed * (1 + 1e-12) else {
        observations.append(
          "\(diagnosis.reason); the trust region does not let its weight make up for that")
        return
      }
      edits.append(.reweight(leaf.id, Delta(before: weight, after: after)))
    }
    self.edits.append(
      PlannedEdit(edits: edits, diagnosis: diagnosis, reason: diagnosis.reason))
  }
}

extension PlannedEdit {
  /// Whether the criterion no longer counts afterwards.
  var isDeactivation: Bool {
    edits.contains { if case .deactivate = $0 { true } else { false } }
  }
}
