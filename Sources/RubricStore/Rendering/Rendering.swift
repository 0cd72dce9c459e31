/// What a judge is shown of a rubric, and the form of its answer.
///
/// A judge reads the preamble, the criteria that are judged in the order of the document, and the
/// postamble. It never sees weights, polarity, credit, gates, description, tags, origin, pins, `ext`,
/// the budget, or criteria that are inactive. The same rubric gives the same text.
///
/// - SeeAlso: SPEC.md §8.
public enum Rendering {
  /// The version of the rendering: a new one shows judges other text for the same rubric.
  ///
  /// Scores under two versions are no more comparable than under two wordings.
  public static let version = 1
}

extension Rubric {
  /// Returns the text that shows a judge the whole rubric, without a line break at its end.
  ///
  /// A criterion stands under its title and its id, which keys the answer; a group stands as a heading
  /// over its criteria. Under mode `holistic` the criteria ask for no verdicts of their own.
  ///
  /// - Complexity: O(*n*) in the size of the rubric.
  public func prompt() -> String {
    var whole = self
    if !judge.showsWholeRubric { whole.judge.mode = .oneCall }
    // Only what a judge may see is at hand from here on.
    let view = whole.judgeView
    var page = Page(isHolistic: judge.mode == .holistic, showsIDs: true)
    page.add(view.title.isEmpty ? "" : "# " + view.title)
    page.add(view.preamble)
    for criterion in view.criteria { page.add(criterion, depth: 2) }
    switch judge.mode {
    case .holistic:
      page.add("Verdict: one number from 0 (worst) to 1 (best) for all of this together.")
    case .planExecute:
      page.add("First write a plan of how you will grade. Then grade each criterion by your plan.")
    case .perCriterion, .oneCall: break
    }
    page.add(view.postamble)
    return page.text
  }

  /// Returns the text that shows a judge one criterion alone, between preamble and postamble.
  ///
  /// - Parameter id: A criterion that is judged.
  /// - Returns: The text without a line break at its end; nil for a group, for a criterion that is
  ///   inactive, and for an id that the rubric does not have.
  /// - Complexity: O(*n*) in the number of criteria.
  public func prompt(for id: CriterionID) -> String? {
    guard let view = judgedCriteria.first(where: { $0.id == id })?.judgeView else { return nil }
    var page = Page(isHolistic: false, showsIDs: false)
    page.add(preamble)
    page.add(view, depth: 2)
    page.add(postamble)
    return page.text
  }
}

/// A text for a judge: blocks with a blank line between.
private struct Page {
  let isHolistic: Bool
  let showsIDs: Bool
  private var blocks: [String] = []

  init(isHolistic: Bool, showsIDs: Bool) {
    self.isHolistic = isHolistic
    self.showsIDs = showsIDs
  }

  var text: String { blocks.joined(separator: "\n\n") }

  /// Adds a block; nothing for an empty one.
  mutating func add(_ block: String) {
    if !block.isEmpty { blocks.append(block) }
  }

  mutating func add(_ criterion: Criterion, depth: Int) {
    add(heading(of: criterion, depth: depth))
    if !isHeading(criterion) { add(criterion.text) }
    guard !criterion.isGroup else {
      for child in criterion.criteria { add(child, depth: depth + 1) }
      return
    }
    if !criterion.appliesWhen.isEmpty {
      add("Applies when: \(criterion.appliesWhen)\n" + otherwise)
    }
    for level in criterion.scale.levels { add(Self.text(of: level)) }
    if !criterion.lowerWhen.isEmpty {
      // A reason of several lines stays under its dash.
      let reasons = criterion.lowerWhen.map { reason in
        "- "
          + reason.split(separator: "\n", omittingEmptySubsequences: false).joined(
            separator: "\n  ")
      }
      add("Score lower when:\n" + reasons.joined(separator: "\n"))
    }
    if !isHolistic { add("Verdict: \(Self.verdicts(of: criterion.scale)).") }
  }

  private var otherwise: String {
    isHolistic
      ? "If this does not hold, leave the criterion out of account."
      : "If this does not hold, answer \"na\"."
  }

  private func heading(of criterion: Criterion, depth: Int) -> String {
    // A group's id is no key of the answer.
    let id = showsIDs && !criterion.isGroup ? "`\(criterion.id)`" : ""
    let marks = String(repeating: "#", count: min(depth, 6)) + " "
    switch (criterion.title.isEmpty, id.isEmpty) {
    case (true, true): return isHeading(criterion) ? marks + criterion.text : ""
    case (true, false): return marks + id
    case (false, true): return marks + criterion.title
    case (false, false): return marks + criterion.title + " (\(id))"
    }
  }

  /// Whether the text of a group without a title stands as its heading, so that it is not read as a
  /// part of what comes before it.
  private func isHeading(_ criterion: Criterion) -> Bool {
    criterion.isGroup && criterion.title.isEmpty && !criterion.text.contains("\n")
  }

  private static func text(of level: Level) -> String {
    var text = "Level \(CanonicalNumber.text(level.value))"
    if !level.label.isEmpty { text += " (\(level.label))" }
    if !level.text.isEmpty { text += (level.text.contains("\n") ? ":\n" : ": ") + level.text }
    for example in level.examples { text += "\nExample: \(example)" }
    return text
  }

  /// The verdicts that a scale admits, in words.
  private static func verdicts(of scale: Scale) -> String {
    switch scale {
    case .binary: return "1 if it is met, 0 if it is not"
    case .levels(let levels):
      return "one of " + levels.map { CanonicalNumber.text($0.value) }.joined(separator: ", ")
    case .numeric(let range, _):
      let ends = "from \(CanonicalNumber.text(range.min)) to \(CanonicalNumber.text(range.max))"
      guard let step = range.step else { return "a number \(ends)" }
      if step == 1, range.min == range.min.rounded() { return "a whole number \(ends)" }
      return "a number \(ends) in steps of \(CanonicalNumber.text(step))"
    }
  }
}
