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
    let reward = reward(raw) { evaluation.board.slots[$0].verdict }
    return Score(reward: reward, raw: raw, unscorable: [])
  }

  /// Clips a raw reward, and lowers it where a gate fires.
  ///
  /// - Parameters:
  ///   - raw: The reward before clip and gates.
  ///   - verdict: What a gate's criterion was given, by its index; nil does not fire.
  /// - Returns: The reward.
  @inline(__always)
  func reward(_ raw: Double, verdict: (Int) -> Double?) -> Double {
    var reward = raw
    if let clip = aggregation.clip { reward = Swift.min(Swift.max(raw, clip.lower), clip.upper) }
    for index in gated where fired(index, verdict(index)) {
      if let limit = limit(index) { reward = Swift.min(reward, limit) }
    }
    return reward
  }

  /// Whether the gate of `index` fires; a verdict that is not known does not.
  func fired(_ index: Int, _ verdict: Double?) -> Bool {
    guard let gate = nodes[index].gate, let verdict else { return false }
    return nodes[index].fires(gate, at: verdict)
  }

  /// The highest reward behind the gate of `index`.
  func limit(_ index: Int) -> Double? {
    guard let gate = nodes[index].gate else { return nil }
    return gate.effect == .cap ? gate.cap : floor
  }

  /// All that scoring learns of a judgement.
  struct Evaluation {
    var board: Board
    var raw: Double?
    var unscorable: [Unscorable]
  }

  func evaluate(_ verdicts: [CriterionID: Verdict]) -> Evaluation {
    var board = Board(nodes.count)
    var unscorable = defects
    var answers: [Verdict.Answer?] = Array(repeating: nil, count: nodes.count)
    var unknown: [CriterionID] = []
    for (id, verdict) in verdicts {
      if let index = leaves[id] { answers[index] = verdict.answer } else { unknown.append(id) }
    }
    let raw = fill(&board) { index in
      switch answers[index] {
      case .value(let value): .value(value)
      case .notApplicable: .notApplicable
      case .error: .error
      case nil: .missing
      }
    } refuse: { fault, index in
      unscorable.append(explain(fault, index, answers[index]))
    }
    unscorable += unknown.sorted().map(explainUnknown)
    if unscorable.isEmpty, let fault = fault(of: raw) { unscorable = [explain(fault, raw)] }
    return Evaluation(
      board: board, raw: unscorable.isEmpty ? raw : nil, unscorable: unscorable)
  }

  /// What is wrong with one criterion's verdict.
  private func explain(_ fault: Fault, _ index: Int, _ answer: Verdict.Answer?) -> Unscorable {
    let message: String
    switch (fault, answer) {
    case (.invalidValue, .value(let value)):
      message =
        "the verdict is \(CanonicalNumber.text(value)); expected \(admittedText(nodes[index]))"
    case (.judgeError, .error(let cause)):
      message = "the judge failed (\(cause)), and the rubric's missing policy is error"
    case (.notApplicable, _):
      message = "the verdict is na, and the rubric's na policy is fail"
    default:
      message = "no verdict, and the rubric's missing policy is error"
    }
    return Unscorable(fault.code, ids[index], message)
  }

  /// What is wrong with the whole.
  private func explain(_ fault: Fault, _ raw: Double?) -> Unscorable {
    Unscorable(
      fault.code, nil,
      raw.map { "the reward is \(CanonicalNumber.text($0))" }
        ?? "nothing that counts was judged, or it weighs nothing")
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
