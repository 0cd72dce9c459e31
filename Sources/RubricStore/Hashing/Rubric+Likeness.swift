// Whether two views of Rubric+Hashes.swift are the same, told without making them.
extension Rubric {
  /// Whether ``judgeView`` is the same, for two rubrics with one judge that sees the whole.
  func isJudgedLike(_ other: Rubric) -> Bool {
    id == other.id && judge == other.judge && title.isVerbatim(other.title)
      && preamble.isVerbatim(other.preamble) && postamble.isVerbatim(other.postamble)
      && criteria.areJudgedLike(other.criteria)
  }

  /// Whether ``scoringView`` is the same.
  func isScoredLike(_ other: Rubric) -> Bool {
    id == other.id && (judge.mode == .holistic) == (other.judge.mode == .holistic)
      && aggregation == other.aggregation && criteria.areScoredLike(other.criteria)
  }
}

extension Criterion {
  /// Whether the judge may see the same of its own fields.
  func isJudgedLike(_ other: Criterion) -> Bool {
    id == other.id && title.isVerbatim(other.title) && text.isVerbatim(other.text)
      && scale == other.scale && lowerWhen.isVerbatim(other.lowerWhen)
      && appliesWhen.isVerbatim(other.appliesWhen)
  }

  /// Whether the judge may see anything of it: of a group there is something to see in it.
  fileprivate var isSeen: Bool {
    status != .inactive && (!isGroup || criteria.contains { $0.isSeen })
  }

  /// Whether the same verdict counts the same, as far as its own fields say.
  fileprivate func isScoredLike(_ other: Criterion) -> Bool {
    id == other.id && weight == other.weight && polarity == other.polarity
      && credit == other.credit && scale.admits(theSameAs: other.scale) && gate == other.gate
      && status == other.status && rollup == other.rollup
  }
}

extension Scale {
  /// Whether both admit the same verdicts in the same order, whatever words describe them.
  fileprivate func admits(theSameAs other: Scale) -> Bool {
    switch (self, other) {
    case (.binary, .binary): true
    case (.levels(let left), .levels(let right)):
      left.count == right.count && left.indices.allSatisfy { left[$0].value == right[$0].value }
    case (.numeric(let left, _), .numeric(let right, _)): left == right
    default: false
    }
  }
}

extension [Criterion] {
  /// Whether the judge may see the same of all that it sees.
  fileprivate func areJudgedLike(_ other: [Criterion]) -> Bool {
    var next = 0
    for position in indices where self[position].isSeen {
      while next < other.count, !other[next].isSeen { next += 1 }
      guard next < other.count, self[position].isJudgedLike(other[next]),
        self[position].criteria.areJudgedLike(other[next].criteria)
      else { return false }
      next += 1
    }
    return other[next...].allSatisfy { !$0.isSeen }
  }

  fileprivate func areScoredLike(_ other: [Criterion]) -> Bool {
    count == other.count
      && indices.allSatisfy {
        self[$0].isScoredLike(other[$0])
          && self[$0].criteria.areScoredLike(other[$0].criteria)
      }
  }
}
