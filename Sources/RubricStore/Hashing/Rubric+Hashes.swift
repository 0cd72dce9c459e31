/// The three hashes of a rubric, which decide what two versions have in common.
///
/// - SeeAlso: SPEC.md §4.3.
public struct RubricHashes: Hashable, Sendable {
  /// SHA-256 of the canonical text, as 64 hexadecimal digits.
  public var content: String
  /// SHA-256 of all that a judge may see.
  public var judge: String
  /// SHA-256 of what turns verdicts into a reward.
  public var scoring: String
  /// What the judge may see of each criterion that is judged.
  public var judgeByCriterion: [CriterionID: String]
}

extension Rubric {
  /// The rubric's hashes.
  ///
  /// - Complexity: O(*n*) in the size of the rubric; three canonical texts are made.
  public var hashes: RubricHashes {
    RubricHashes(
      content: SHA256.hex(canonicalText.utf8), judge: SHA256.hex(judgeView.canonicalText.utf8),
      scoring: SHA256.hex(scoringView.canonicalText.utf8),
      judgeByCriterion: judgedCriteria.reduce(into: [:]) { hashes, criterion in
        hashes[criterion.id] = criterion.judgeHash
      })
  }

  /// The criteria that are judged: leaves that are not inactive, nor in an inactive group.
  public var judgedCriteria: [Criterion] {
    var judged: [Criterion] = []
    criteria.appendJudged(to: &judged)
    return judged
  }

  /// The rubric with only what a judge may see; all else at its default.
  var judgeView: Rubric {
    var view = Rubric(id: id, title: judge.showsWholeRubric ? title : "")
    view.judge = judge
    view.preamble = preamble
    view.postamble = postamble
    view.criteria =
      judge.showsWholeRubric
      ? criteria.compactMap(\.judgeView)
      : judgedCriteria.compactMap(\.judgeView).sorted { $0.id < $1.id }
    return view
  }

  /// The rubric with only what turns verdicts into a reward; all else at its default.
  var scoringView: Rubric {
    var view = Rubric(id: id)
    view.judge.mode = judge.mode == .holistic ? .holistic : .perCriterion
    view.aggregation = aggregation
    view.criteria = criteria.map(\.scoringView)
    return view
  }
}

extension [Criterion] {
  /// Adds those that are judged, and those in groups that are not inactive.
  fileprivate func appendJudged(to judged: inout [Criterion]) {
    for position in indices where self[position].status != .inactive {
      if self[position].isGroup {
        self[position].criteria.appendJudged(to: &judged)
      } else {
        judged.append(self[position])
      }
    }
  }
}

extension Criterion {
  /// SHA-256 of what a judge may see of it.
  var judgeHash: String {
    SHA256.hex(YAMLEmitter.emit(judgeView?.written ?? .object(JSONObject())).utf8)
  }

  /// The criterion with only what a judge may see; nil where it sees nothing of it.
  var judgeView: Criterion? {
    if status == .inactive { return nil }
    var view = Criterion(id: id, title: title, text: text)
    view.scale = scale
    view.lowerWhen = lowerWhen
    view.appliesWhen = appliesWhen
    view.criteria = criteria.compactMap(\.judgeView)
    return view.isGroup || !isGroup ? view : nil
  }

  /// The criterion with only what turns verdicts into a reward.
  fileprivate var scoringView: Criterion {
    var view = Criterion(id: id, weight: weight)
    view.polarity = polarity
    view.credit = credit
    view.scale = scale.with(levels: scale.levels.map { Level(value: $0.value) })
    if case .numeric(let range, _) = scale { view.scale = .numeric(range, levels: []) }
    view.gate = gate
    view.status = status
    view.rollup = rollup
    view.criteria = criteria.map(\.scoringView)
    return view
  }
}
