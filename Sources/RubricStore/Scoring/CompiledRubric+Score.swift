extension CompiledRubric {
  /// Scores `judgement`.
  ///
  /// Total: whatever the judgement holds, the answer is a score or all reasons why there is none. An
  /// error of the judge is never a number, unless the rubric's `missing` policy says which.
  ///
  /// - Complexity: O(*n*) in the number of criteria, groups and verdicts.
  public func score(_ judgement: Judgement) -> Score {
    score(of: evaluate(judgement.verdicts))
  }

  func score(of evaluation: Evaluation) -> Score {
    guard let raw = evaluation.raw else {
      return Score(reward: nil, raw: nil, unscorable: evaluation.unscorable)
    }
    var reward = raw
    if let clip = aggregation.clip { reward = Swift.min(Swift.max(raw, clip.lower), clip.upper) }
    for index in gated where fired(index, evaluation) {
      if let limit = limit(index) { reward = Swift.min(reward, limit) }
    }
    return Score(reward: reward, raw: raw, unscorable: [])
  }

  /// Whether the gate of `index` fires; a verdict that is not known does not.
  func fired(_ index: Int, _ evaluation: Evaluation) -> Bool {
    guard let gate = nodes[index].gate, let verdict = evaluation.slots[index].verdict else {
      return false
    }
    return nodes[index].fires(gate, at: verdict)
  }

  /// The highest reward behind the gate of `index`.
  func limit(_ index: Int) -> Double? {
    guard let gate = nodes[index].gate else { return nil }
    return gate.effect == .cap ? gate.cap : floor
  }

  /// What a verdict, or a group's children, came to.
  struct Slot {
    var treatment = Treatment.inactive
    /// The verdict that counts or is compared with a gate, in its scale.
    var verdict: Double?
    /// What the node offers its parent.
    var value: Double?
    var cause: MissingVerdict.Cause?
  }

  /// The children of a group, added up so far.
  struct Sum {
    var weighted = 0.0
    var weight = 0.0
    var count = 0
    /// The least or greatest child so far, and where it stands.
    var extreme = 0.0
    var pick = -1

    /// The value of the group, or nil where nothing of it counts.
    func value(_ combination: Combination) -> Double? {
      guard count > 0 else { return nil }
      switch combination {
      case .weightedMean, .pointsOverPositive: return weight > 0 ? weighted / weight : nil
      case .sum: return weighted
      case .min, .max: return extreme
      }
    }

    mutating func add(_ value: Double, _ node: Node, at index: Int, to combination: Combination) {
      weighted += node.weight * value
      if combination != .pointsOverPositive || node.canEarn { weight += node.weight }
      let isFurther = combination == .min ? value < extreme : value > extreme
      if count == 0 || isFurther { (extreme, pick) = (value, index) }
      count += 1
    }
  }

  /// All that scoring learns of a judgement.
  struct Evaluation {
    var slots: [Slot]
    var sums: [Sum]
    var raw: Double?
    var unscorable: [Unscorable]
  }

  func evaluate(_ verdicts: [CriterionID: Verdict]) -> Evaluation {
    var evaluation = Evaluation(
      slots: Array(repeating: Slot(), count: nodes.count),
      sums: Array(repeating: Sum(), count: nodes.count), raw: nil, unscorable: defects)
    var answers: [Verdict.Answer?] = Array(repeating: nil, count: nodes.count)
    var unknown: [CriterionID] = []
    for (id, verdict) in verdicts {
      if let index = leaves[id] { answers[index] = verdict.answer } else { unknown.append(id) }
    }
    for index in order {
      if nodes[index].combination == nil {
        settle(index, answers[index], &evaluation)
      } else {
        rollUp(index, &evaluation)
      }
      let node = nodes[index]
      if node.joins, node.parent >= 0, let value = evaluation.slots[index].value,
        let combination = nodes[node.parent].combination
      {
        evaluation.sums[node.parent].add(value, node, at: index, to: combination)
      }
    }
    evaluation.unscorable += unknown.sorted().map(explainUnknown)
    if evaluation.unscorable.isEmpty { finish(&evaluation) }
    return evaluation
  }

  private func finish(_ evaluation: inout Evaluation) {
    guard let raw = evaluation.slots[0].value else {
      evaluation.unscorable = [
        Unscorable(.zeroDenominator, nil, "nothing that counts was judged, or it weighs nothing")
      ]
      return
    }
    guard raw.isFinite else {
      evaluation.unscorable = [
        Unscorable(.notFinite, nil, "the reward is \(CanonicalNumber.text(raw))")
      ]
      return
    }
    evaluation.raw = raw
  }

  private func rollUp(_ index: Int, _ evaluation: inout Evaluation) {
    let node = nodes[index]
    guard let combination = node.combination, node.status != .inactive else { return }
    let value = evaluation.sums[index].value(combination)
    evaluation.slots[index].value = value
    evaluation.slots[index].treatment =
      node.status == .diagnostic ? .diagnostic : value == nil ? .excluded : .counted
  }

  /// Decides what the answer for a judged criterion counts as.
  private func settle(_ index: Int, _ answer: Verdict.Answer?, _ evaluation: inout Evaluation) {
    let node = nodes[index]
    guard node.status != .inactive else { return }
    var slot = Slot()
    slot.treatment = .excluded
    switch answer {
    case .value(let value):
      if admits(value, node) {
        (slot.treatment, slot.verdict) = (.counted, value)
      } else if node.matters {
        slot.treatment = .refused
        evaluation.unscorable.append(
          Unscorable(
            .invalidValue, ids[index],
            "the verdict is \(CanonicalNumber.text(value)); expected \(admittedText(node))"))
      }
    case .notApplicable:
      slot.cause = .notApplicable
      if node.matters { settleNotApplicable(index, &slot, &evaluation) }
    case .error, nil:
      slot.cause = answer == nil ? .missing : .error
      if node.matters { settleMissing(index, answer, &slot, &evaluation) }
    }
    if let verdict = slot.verdict { slot.value = node.oriented(verdict) }
    if node.status == .diagnostic, slot.treatment != .refused { slot.treatment = .diagnostic }
    evaluation.slots[index] = slot
  }

  private func settleNotApplicable(
    _ index: Int, _ slot: inout Slot, _ evaluation: inout Evaluation
  ) {
    switch aggregation.na {
    case .exclude: break
    case .zero: (slot.treatment, slot.value) = (.zero, 0)
    case .fail:
      slot.treatment = .refused
      evaluation.unscorable.append(
        Unscorable(
          .notApplicable, ids[index], "the verdict is na, and the rubric's na policy is fail"))
    }
  }

  private func settleMissing(
    _ index: Int, _ answer: Verdict.Answer?, _ slot: inout Slot, _ evaluation: inout Evaluation
  ) {
    switch aggregation.missing {
    case .exclude: break
    case .worst: (slot.treatment, slot.verdict) = (.worst, nodes[index].worst)
    case .error:
      slot.treatment = .refused
      let policy = "and the rubric's missing policy is error"
      let reason =
        if case .error(let cause) = answer {
          Unscorable(.judgeError, ids[index], "the judge failed (\(cause)), \(policy)")
        } else {
          Unscorable(.missing, ids[index], "no verdict, \(policy)")
        }
      evaluation.unscorable.append(reason)
    }
  }

  private func explainUnknown(_ id: CriterionID) -> Unscorable {
    let message =
      if mode == .holistic {
        "the judge gives one overall verdict, under the rubric's id `\(ids[0])`"
      } else if groups.contains(id) {
        "a group is not judged; judge the criteria in it"
      } else {
        "the rubric has no such criterion"
      }
    return Unscorable(.unknownCriterion, id, message)
  }
}
