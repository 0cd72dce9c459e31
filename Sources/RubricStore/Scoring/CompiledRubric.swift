/// A rubric laid out for scoring many judgements.
///
/// Scoring is a pure function of rubric and judgement. Every sum runs from left to right in the order
/// of the document, in IEEE doubles without fused operations, so that another implementation can
/// repeat it to the last bit.
///
/// **A criterion.** Its verdict v lies in a scale from a to b; x = (v - a) / (b - a). Its value s is
///
/// | | positive | negative, penalty | negative, avoidance |
/// |---|---|---|---|
/// | normalised | x | -x | 1 - x |
/// | raw | v | -v | a + b - v |
///
/// It is raw where its parent's rollup, or at the top level the aggregation's method, is `sum`.
///
/// **A group.** Over the children that count, with weights w: `weighted_mean` is Σw·s / Σw, `sum` is
/// Σw·s, `min` and `max` are the least and the greatest s. A group with no child that counts, or a
/// `weighted_mean` with Σw = 0, is left out of its parent.
///
/// **The top level.** `weighted_mean` as for a group (Rubrics as Rewards, arXiv 2507.17746, eq. 1;
/// PaperBench, arXiv 2504.01848, applies it at every level); `points_over_positive` is Σw·s over the
/// Σw of those children that can earn: positive ones, avoidance and groups (HealthBench, arXiv
/// 2505.08775); `sum` is Σw·s (Meta Policy Optimization).
///
/// **The reward** is that, clipped; then each gate that fired lowers it to its cap, or for a veto to
/// the clip's lower bound; without a clip to the reward where every criterion that counts has the
/// verdict that earns least.
///
/// - SeeAlso: SPEC.md §6.
public struct CompiledRubric: Sendable {
  /// How the children of a group, or of the top level, become one value.
  enum Combination {
    case weightedMean, pointsOverPositive, sum, min, max
  }

  /// The verdicts that a scale admits.
  enum Admitted {
    case binary
    case numeric(NumericRange)
    /// A range of `levelValues`.
    case levels(Range<Int>)
  }

  /// One criterion or group; the first node stands for the whole rubric.
  struct Node {
    /// The index of the parent; -1 for the whole rubric.
    var parent: Int
    var weight: Double
    /// Nil for a criterion that is judged.
    var combination: Combination?
    /// Whether its verdict counts in its own scale.
    var isRaw: Bool
    var polarity: Criterion.Polarity
    var credit: Criterion.Credit
    /// What the document says, made stricter by the groups around it.
    var status: Criterion.Status
    /// Whether it is part of its parent's value; false for what is itself diagnostic or inactive.
    var joins: Bool
    var low: Double
    var high: Double
    var admitted: Admitted
    var gate: Gate?

    /// Whether it can add to the reward, for `points_over_positive`.
    var canEarn: Bool { combination != nil || polarity == .positive || credit == .avoidance }
    /// Whether the reward depends on its verdict.
    var matters: Bool { status == .active || (status == .diagnostic && gate != nil) }
    /// The verdict that earns least.
    var worst: Double { polarity == .positive ? low : high }

    /// The value that verdict `verdict` offers the parent.
    func oriented(_ verdict: Double) -> Double {
      if isRaw {
        switch (polarity, credit) {
        case (.positive, _): return verdict
        case (.negative, .penalty): return -verdict
        case (.negative, .avoidance): return low + high - verdict
        }
      }
      let normalized = normalized(verdict)
      switch (polarity, credit) {
      case (.positive, _): return normalized
      case (.negative, .penalty): return -normalized
      case (.negative, .avoidance): return 1 - normalized
      }
    }

    func normalized(_ verdict: Double) -> Double { (verdict - low) / (high - low) }

    /// The verdict that a gate looks at: how well a negative criterion was avoided.
    func gated(_ verdict: Double) -> Double {
      polarity == .positive ? verdict : low + high - verdict
    }

    /// Whether `gate` fires; a billionth of the scale is allowed for, as for steps.
    func fires(_ gate: Gate, at verdict: Double) -> Bool {
      gated(verdict) < gate.min - 1e-9 * (high - low)
    }
  }

  /// The mode of the judge decides what a judgement holds.
  let mode: JudgeContract.Mode
  let aggregation: Aggregation
  /// The whole rubric, then criteria and groups, each before what is in it.
  var nodes: [Node] = []
  /// The ids of `nodes`; the rubric's own first.
  var ids: [CriterionID] = []
  /// The indices of `nodes`, each after what is in it, otherwise in the order of the document.
  var order: [Int] = []
  /// The indices of the judged nodes by id.
  var leaves: [CriterionID: Int] = [:]
  var groups: Set<CriterionID> = []
  var levelValues: [Double] = []
  /// The indices of the nodes whose gate holds.
  var gated: [Int] = []
  /// What makes the rubric unfit to score with; then every judgement is unscorable.
  var defects: [Unscorable] = []
  /// What a veto lowers the reward to.
  var floor: Double?

  /// Lays `rubric` out for scoring.
  ///
  /// A rubric that does not pass validation never traps: where it cannot be scored with (a weight that
  /// is negative or not finite, an empty scale, an id that stands twice), every judgement is unscorable.
  ///
  /// - Complexity: O(*n*) in the number of criteria, groups and levels.
  public init(_ rubric: Rubric) {
    mode = rubric.judge.mode
    aggregation = rubric.aggregation
    if let clip = aggregation.clip,
      !(clip.lower < clip.upper && clip.lower.isFinite && clip.upper.isFinite)
    {
      let (lower, upper) = (CanonicalNumber.text(clip.lower), CanonicalNumber.text(clip.upper))
      let message = "the clip goes from \(lower) to \(upper); its bounds must be in order"
      defects.append(Unscorable(.invalidRubric, nil, message))
    }
    let root = CriterionID(unchecked: rubric.id.rawValue)
    if mode == .holistic {
      var criterion = Criterion(id: root)
      criterion.scale = .numeric(NumericRange(min: 0, max: 1), levels: [])
      append(criterion, under: -1, status: .active, raw: false)
      order = [0]
    } else {
      let count = rubric.criteria.countOfAll + 1
      nodes.reserveCapacity(count)
      ids.reserveCapacity(count)
      order.reserveCapacity(count)
      leaves.reserveCapacity(count)
      appendRoot(root)
      for criterion in rubric.criteria {
        append(criterion, under: 0, status: .active, raw: aggregation.method == .sum)
      }
      order.append(0)
    }
    floor = aggregation.clip?.lower
    if floor == nil, gated.contains(where: { nodes[$0].gate?.effect == .veto }) { findFloor() }
  }

  private mutating func appendRoot(_ id: CriterionID) {
    let combination: Combination =
      switch aggregation.method {
      case .weightedMean: .weightedMean
      case .pointsOverPositive: .pointsOverPositive
      case .sum: .sum
      }
    nodes.append(
      Node(
        parent: -1, weight: 1, combination: combination, isRaw: false, polarity: .positive,
        credit: .penalty, status: .active, joins: false, low: 0, high: 1, admitted: .binary))
    ids.append(id)
  }

  private mutating func append(
    _ criterion: Criterion, under parent: Int, status outer: Criterion.Status, raw: Bool
  ) {
    let index = nodes.count
    let status = Self.stricter(outer, criterion.status)
    var node = Node(
      parent: parent, weight: criterion.weight, combination: nil, isRaw: raw,
      polarity: criterion.polarity, credit: criterion.credit, status: status,
      joins: criterion.status == .active && status != .inactive, low: 0, high: 1,
      admitted: .binary, gate: nil)
    if !(criterion.weight >= 0 && criterion.weight.isFinite) {
      refuse(criterion, "weight is \(CanonicalNumber.text(criterion.weight)); it must be 0 or more")
    }
    ids.append(criterion.id)
    if criterion.isGroup {
      let combination: Combination =
        switch criterion.rollup {
        case .weightedMean: .weightedMean
        case .sum: .sum
        case .min: .min
        case .max: .max
        }
      node.combination = combination
      node.polarity = .positive
      nodes.append(node)
      groups.insert(criterion.id)
      for child in criterion.criteria {
        append(child, under: index, status: status, raw: combination == .sum)
      }
    } else {
      readScale(of: criterion, into: &node)
      node.gate = status == .inactive || mode == .holistic ? nil : criterion.gate
      if let gate = node.gate { check(gate, of: criterion) }
      if node.gate != nil { gated.append(index) }
      nodes.append(node)
      if leaves.updateValue(index, forKey: criterion.id) != nil {
        refuse(criterion, "the id stands twice")
      }
    }
    order.append(index)
  }

  private mutating func readScale(of criterion: Criterion, into node: inout Node) {
    guard let bounds = criterion.scale.bounds, (bounds.max - bounds.min).isFinite,
      (bounds.min + bounds.max).isFinite
    else {
      return refuse(criterion, "the scale has no lowest and highest verdict")
    }
    (node.low, node.high) = bounds
    switch criterion.scale {
    case .binary: node.admitted = .binary
    case .numeric(let range, _): node.admitted = .numeric(range)
    case .levels(let levels):
      let start = levelValues.count
      levelValues.append(contentsOf: levels.map(\.value))
      node.admitted = .levels(start..<levelValues.count)
    }
    if !admits(node.low, node) || !admits(node.high, node) {
      refuse(criterion, "the scale's steps do not reach its ends")
    }
  }

  private mutating func check(_ gate: Gate, of criterion: Criterion) {
    if !gate.min.isFinite {
      refuse(criterion, "the gate's min is \(CanonicalNumber.text(gate.min))")
    }
    if gate.effect == .cap, gate.cap?.isFinite != true {
      refuse(criterion, "the gate's effect is cap, and it has no cap")
    }
  }

  private mutating func refuse(_ criterion: Criterion, _ message: String) {
    defects.append(Unscorable(.invalidRubric, criterion.id, message))
  }

  private static func stricter(
    _ outer: Criterion.Status, _ inner: Criterion.Status
  ) -> Criterion.Status {
    if outer == .inactive || inner == .inactive { return .inactive }
    return outer == .diagnostic ? .diagnostic : inner
  }

  /// Finds the reward where every criterion that counts has the verdict that earns least.
  private mutating func findFloor() {
    var verdicts: [CriterionID: Verdict] = [:]
    for (id, index) in leaves { verdicts[id] = .value(nodes[index].worst) }
    let evaluation = evaluate(verdicts)
    floor = evaluation.raw
    // A rubric that has no reward with all its verdicts has none with fewer.
    if defects.isEmpty { defects = evaluation.unscorable }
  }

  func admits(_ verdict: Double, _ node: Node) -> Bool {
    switch node.admitted {
    case .binary: verdict == 0 || verdict == 1
    case .numeric(let range): range.contains(verdict)
    case .levels(let values): levelValues[values].contains(verdict)
    }
  }

  /// The verdicts that `node` admits, in words.
  func admittedText(_ node: Node) -> String {
    switch node.admitted {
    case .binary: "0 or 1"
    case .numeric(let range):
      "a number from \(CanonicalNumber.text(range.min)) to \(CanonicalNumber.text(range.max))"
        + (range.step.map { " in steps of \(CanonicalNumber.text($0))" } ?? "")
    case .levels(let values):
      "one of "
        + levelValues[values].prefix(20).map(CanonicalNumber.text).joined(separator: ", ")
        + (values.count > 20 ? ", …" : "")
    }
  }
}
