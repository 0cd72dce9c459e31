import RubricStore

extension Rubric {
  /// Makes a rubric of valid parts valid as a whole, by as few changes as possible.
  mutating func mend() {
    if criteria.isEmpty { criteria = [Criterion(id: "mended", text: "Mended.")] }
    criteria.mendSiblings(clip: aggregation.clip)
    if !criteria.contains(where: \.isLive) { criteria[0].enliven() }
    criteria.mendSiblings(clip: aggregation.clip)
    let canEarn = criteria.contains {
      $0.status == .active && $0.weight > 0
        && ($0.polarity == .positive || $0.credit == .avoidance)
    }
    if aggregation.method == .pointsOverPositive, !canEarn { aggregation.method = .weightedMean }
    let size = criteria.map(\.size).reduce(Size(), +)
    budget.criteria = budget.criteria.map { max($0, size.leaves) }
    budget.depth = budget.depth.map { max($0, size.depth) }
    budget.characters = budget.characters.map {
      max(
        $0,
        size.characters + preamble.unicodeScalars.count + postamble.unicodeScalars.count)
    }
  }
}

/// How much there is of a rubric; inactive criteria count too, so that it is never too little.
private struct Size {
  var leaves = 0
  var depth = 0
  var characters = 1

  static func + (left: Size, right: Size) -> Size {
    Size(
      leaves: left.leaves + right.leaves, depth: max(left.depth, right.depth),
      characters: left.characters + right.characters)
  }
}

extension [Criterion] {
  fileprivate mutating func mendSiblings(clip: Clip?) {
    for index in indices {
      self[index].mendFields(clip: clip)
      self[index].criteria.mendSiblings(clip: clip)
    }
    let counted = indices.filter { self[$0].status == .active }
    if let first = counted.first, counted.allSatisfy({ self[$0].weight == 0 }) {
      self[first].weight = 1
    }
  }
}

extension Criterion {
  /// Makes the criterion's own fields fit together.
  mutating func mendFields(clip: Clip?) {
    if isGroup {
      (polarity, credit, scale, gate) = (.positive, .penalty, .binary, nil)
      (lowerWhen, appliesWhen) = ([], "")
      if status == .diagnostic { status = .active }
      return
    }
    rollup = .weightedMean
    if title.isBlankText, text.isBlankText, scale.levels.allSatisfy({ $0.text.isBlankText }) {
      text = "Mended."
    }
    if polarity == .positive { credit = .penalty }
    if status == .inactive { gate = nil }
    if let bounds = scale.bounds, var gate {
      gate.min = Swift.min(Swift.max(gate.min, bounds.min), bounds.max)
      if let clip, let cap = gate.cap {
        gate.cap = Swift.min(Swift.max(cap, clip.lower), clip.upper)
      }
      self.gate = gate
    }
  }

  /// Whether something in it is judged and counts.
  fileprivate var isLive: Bool {
    status == .active && (isGroup ? criteria.contains(where: \.isLive) : true)
  }

  fileprivate mutating func enliven() {
    status = .active
    if isGroup { criteria[0].enliven() }
  }

  fileprivate var size: Size {
    var own = Size(leaves: isGroup ? 0 : 1)
    own.characters =
      ([title, text, appliesWhen] + lowerWhen + scale.levels.flatMap { [$0.label, $0.text] }
      + scale.levels.flatMap(\.examples)).reduce(0) { $0 + $1.unicodeScalars.count }
    let inner = criteria.map(\.size).reduce(own, +)
    return Size(
      leaves: inner.leaves, depth: inner.depth + 1, characters: inner.characters)
  }
}
