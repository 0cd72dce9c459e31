internal import RubricStore

/// A criterion that the judge reads, taken apart into its texts.
struct LintPage {
  /// A level of its scale.
  struct LevelTexts {
    var value: Double
    /// Its place in the document, counted from 1.
    var position: Int
    var label: LintText
    var text: LintText
    var examples: [LintText]
  }

  let criterion: Criterion
  /// The group that it is in; nil at the top level.
  let parent: CriterionID?
  /// Whether weights around it decide what it counts for.
  let isWeighed: Bool
  let title: LintText
  let text: LintText
  let appliesWhen: LintText
  let lowerWhen: [LintText]
  let levels: [LevelTexts]

  var id: CriterionID { criterion.id }

  /// All its texts, in the judge's order.
  var texts: [LintText] {
    [title, text, appliesWhen] + levels.flatMap { [$0.label, $0.text] + $0.examples } + lowerWhen
  }

  init(_ criterion: Criterion, in parent: CriterionID?, isWeighed: Bool) {
    self.criterion = criterion
    self.parent = parent
    self.isWeighed = isWeighed
    title = LintText(criterion.title, "title")
    text = LintText(criterion.text, "text")
    appliesWhen = LintText(criterion.appliesWhen, "applies_when")
    lowerWhen = criterion.lowerWhen.enumerated().map {
      LintText($0.element, "lower_when[\($0.offset + 1)]")
    }
    levels = criterion.scale.levels.enumerated().map { index, level in
      let field = "scale.levels[\(index + 1)]"
      return LevelTexts(
        value: level.value, position: index + 1, label: LintText(level.label, field + ".label"),
        text: LintText(level.text, field + ".text"),
        examples: level.examples.enumerated().map {
          LintText($0.element, field + ".examples[\($0.offset + 1)]")
        })
    }
  }
}

/// A rubric as lints read it: what the judge is shown, taken apart.
struct LintBook {
  let rubric: Rubric
  /// The criteria that are judged, in the order of the document.
  let pages: [LintPage]
  /// The texts around them.
  let frame: [LintText]

  init(_ rubric: Rubric) {
    self.rubric = rubric
    frame = [LintText(rubric.preamble, "preamble"), LintText(rubric.postamble, "postamble")]
    var pages: [LintPage] = []
    func collect(_ siblings: [Criterion], in parent: CriterionID?, isWeighed: Bool) {
      for item in siblings where item.status != .inactive {
        if item.isGroup {
          let weighs = item.rollup == .weightedMean || item.rollup == .sum
          collect(item.criteria, in: item.id, isWeighed: weighs)
        } else {
          pages.append(LintPage(item, in: parent, isWeighed: isWeighed))
        }
      }
    }
    collect(rubric.criteria, in: nil, isWeighed: rubric.judge.mode != .holistic)
    self.pages = pages
  }
}
