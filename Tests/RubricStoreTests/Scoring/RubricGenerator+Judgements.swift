import RubricStore

extension RubricGenerator {
  /// A judgement of `rubric`; `gaps` percent of its verdicts are absent, failed or `na`.
  mutating func judgement(of rubric: Rubric, gaps: Int) -> Judgement {
    var judgement = Judgement(rollout: "r", verdicts: [:])
    for (id, scale) in judgedScales(of: rubric) {
      guard random.chance(gaps) else {
        judgement.verdicts[id] = .value(value(in: scale))
        continue
      }
      judgement.verdicts[id] = random.pick([nil, .notApplicable, .error("timeout")])
    }
    return judgement
  }

  /// What the judge is asked about: one overall verdict, or a verdict for each criterion.
  func judgedScales(of rubric: Rubric) -> [(id: CriterionID, scale: Scale)] {
    if rubric.judge.mode == .holistic {
      let unit = Scale.numeric(NumericRange(min: 0, max: 1), levels: [])
      return [(CriterionID(unchecked: rubric.id.rawValue), unit)]
    }
    return rubric.judgedCriteria.map { ($0.id, $0.scale) }
  }

  /// A verdict that the scale admits.
  mutating func value(in scale: Scale) -> Double {
    switch scale {
    case .binary: return random.pick([0, 1])
    case .levels(let levels): return random.pick(levels).value
    case .numeric(let range, _):
      guard let step = range.step else {
        return random.pick([
          range.min, range.max, Double.random(in: range.min...range.max, using: &random),
        ])
      }
      let steps = Int(((range.max - range.min) / step).rounded())
      return Swift.min(range.min + step * Double(random.below(steps + 1)), range.max)
    }
  }
}
