/// Checks what no single field shows: that a rubric is right as a whole.
struct Validation {
  /// A step from a criterion's or the rubric's node to the place of a finding.
  enum Step {
    case key(String)
    case item(Int)
  }

  /// A finding and the way to its place.
  struct Issue {
    /// The criterion's number in the order of the document, parents first; nil for the rubric.
    var criterion: Int?
    var steps: [Step]
    var finding: Finding
    /// The number of the criterion that it repeats.
    var first: Int?
  }

  private(set) var issues: [Issue] = []
  private var criterion: Int?
  private var criterionPath = ""
  private var next = 0
  private var seen: [CriterionID: Int] = [:]
  private var judgedCount = 0
  private var activeCount = 0
  private var deepest = 0
  /// The highest reward of any verdicts, where the formula bounds it whatever the weights.
  private(set) var highest: Double?
  private var characters = 0

  /// Checks a rubric, fields and whole.
  static func issues(of rubric: Rubric) -> [Issue] {
    var validation = Validation()
    validation.check(rubric)
    return validation.issues
  }

  /// What a rubric uses of a budget, counted as for its own.
  static func use(of rubric: Rubric) -> BudgetUse {
    var validation = Validation()
    validation.check(rubric)
    return BudgetUse(
      criteria: validation.judgedCount, depth: validation.deepest,
      characters: validation.characters)
  }

  /// Records a finding at a place below the criterion that is being checked.
  mutating func report(
    _ code: Finding.Code, at steps: Step..., message: String, hint: String? = nil
  ) {
    report(code, steps: steps, message: message, hint: hint)
  }

  mutating func report(
    _ code: Finding.Code, steps: [Step], message: String, hint: String? = nil, first: Int? = nil
  ) {
    guard issues.count < Limits.findings else { return }
    var path = criterionPath
    for step in steps {
      switch step {
      case .key(let key): path += path.isEmpty ? key : ".\(key)"
      case .item(let index): path += "[\(index + 1)]"
      }
    }
    issues.append(
      Issue(
        criterion: criterion, steps: steps,
        finding: Finding(code: code, path: path, message: message, hint: hint), first: first))
  }

  private mutating func check(_ rubric: Rubric) {
    if !RubricID.isValid(rubric.id.rawValue) {
      report(
        .invalidValue, at: .key("id"), message: "`\(rubric.id)` is no rubric id",
        hint: "an id is \(RubricID.rule)")
    }
    checkLine(rubric.title, "title")
    checkLine(rubric.judge.template, "judge", "template")
    checkLine(rubric.judge.model, "judge", "model")
    for (key, text) in [
      ("description", rubric.description), ("preamble", rubric.preamble),
      ("postamble", rubric.postamble),
    ] {
      checkText(text, [.key(key)])
    }
    let isBounded = rubric.aggregation.method != .sum && !rubric.criteria.hasSums
    highest = isBounded || rubric.judge.mode == .holistic ? 1 : nil
    check(rubric.subject)
    check(rubric.aggregation)
    check(rubric.ext)
    characters += rubric.preamble.scalarCount + rubric.postamble.scalarCount

    if rubric.criteria.isEmpty {
      report(
        .missingKey, at: .key("criteria"), message: "the rubric has no criteria",
        hint: "add at least one")
    }
    seen.reserveCapacity(rubric.criteria.countOfAll)
    checkSiblings(rubric.criteria, depth: 1, isCounted: true, clip: rubric.aggregation.clip)
    if !rubric.criteria.isEmpty, activeCount == 0, deepest <= Limits.criterionDepth {
      report(
        .inconsistent, at: .key("criteria"),
        message: "no criterion is active, so that there is nothing to score",
        hint: "activate at least one")
    }
    if rubric.aggregation.method == .pointsOverPositive, activeCount > 0,
      !rubric.criteria.contains(where: {
        $0.status == .active && $0.weight > 0
          && ($0.polarity == .positive || $0.credit == .avoidance)
      })
    {
      report(
        .inconsistent, at: .key("aggregation"), .key("method"),
        message: "`points_over_positive` has nothing to divide by: no active top-level criterion "
          + "can earn points", hint: "add a positive criterion, or use another method")
    }
    check(rubric.budget)
  }

  /// Checks criteria side by side.
  ///
  /// - Parameters:
  ///   - siblings: The criteria of a group, or of the top level.
  ///   - depth: Theirs, 1 at the top level.
  ///   - isCounted: Whether no group around them is inactive.
  ///   - clip: The bounds of the reward.
  private mutating func checkSiblings(
    _ siblings: [Criterion], depth: Int, isCounted: Bool, clip: Clip?
  ) {
    deepest = max(deepest, siblings.isEmpty ? 0 : depth)
    let active = siblings.indices.filter { siblings[$0].status == .active }
    if !active.isEmpty, active.allSatisfy({ siblings[$0].weight == 0 }) {
      report(
        .inconsistent, at: .key("criteria"),
        message: "the weights of "
          + Suggestion.list(active.prefix(5).map { siblings[$0].id.rawValue }, conjunction: "and")
          + " sum to 0, so that they share nothing",
        hint: "give at least one a weight above 0, or deactivate them")
    }
    guard siblings.isEmpty || depth <= Limits.criterionDepth else {
      report(
        .limit, at: .key("criteria"),
        message: "criteria are nested more than \(Limits.criterionDepth) deep")
      return
    }
    for index in siblings.indices {
      check(siblings[index], depth: depth, isCounted: isCounted, clip: clip)
    }
  }

  private mutating func check(_ item: Criterion, depth: Int, isCounted: Bool, clip: Clip?) {
    let isCounted = isCounted && item.status != .inactive
    let outer = (criterion, criterionPath)
    criterion = next
    criterionPath = item.id.rawValue
    defer { (criterion, criterionPath) = outer }
    next += 1
    if next == Limits.criteria + 1 {
      report(.limit, message: "the rubric has more than \(Limits.criteria) criteria and groups")
    }
    // An id that could not be read has been reported.
    if !item.id.rawValue.isEmpty {
      if let first = seen[item.id] {
        report(
          .duplicateID, steps: [.key("id")],
          message: "the id `\(item.id)` stands twice in the rubric",
          hint: "an id is unique in the whole document", first: first)
      } else {
        seen[item.id] = next - 1
      }
    }
    checkFields(item)
    if item.isGroup {
      checkGroup(item)
    } else {
      checkJudged(item, clip: clip)
      if isCounted { judgedCount += 1 }
      if isCounted, item.status == .active { activeCount += 1 }
    }
    if isCounted {
      characters += item.title.scalarCount + item.text.scalarCount + item.appliesWhen.scalarCount
      for reason in item.lowerWhen { characters += reason.scalarCount }
      for level in item.scale.levels {
        characters += level.label.scalarCount + level.text.scalarCount
        for example in level.examples { characters += example.scalarCount }
      }
    }
    checkSiblings(item.criteria, depth: depth + 1, isCounted: isCounted, clip: clip)
  }

  private mutating func check(_ subject: Subject) {
    if subject.granularity == .global, subject.key != nil {
      report(
        .inconsistent, at: .key("subject"), .key("key"),
        message: "a `global` rubric has no key",
        hint: "set `granularity` to `cluster` or `instance`")
    }
    if subject.granularity != .global, subject.key ?? "" == "" {
      report(
        .missingKey, at: .key("subject"),
        message: "a `\(subject.granularity.rawValue)` rubric needs a `key`",
        hint: "name the cluster or the prompt")
    }
    if let key = subject.key { checkLine(key, "subject", "key") }
  }

  private mutating func check(_ aggregation: Aggregation) {
    guard let clip = aggregation.clip else { return }
    checkNumber(clip.lower, [.key("aggregation"), .key("clip")])
    checkNumber(clip.upper, [.key("aggregation"), .key("clip")])
    if clip.lower >= clip.upper {
      report(
        .invalidValue, at: .key("aggregation"), .key("clip"),
        message: "the lowest reward \(show(clip.lower)) is not below the highest "
          + show(clip.upper))
    }
  }

  private mutating func check(_ budget: Budget) {
    for (key, limit, found, noun) in [
      ("criteria", budget.criteria, judgedCount, "judged criteria"),
      ("depth", budget.depth, deepest, "levels of nesting"),
      ("characters", budget.characters, characters, "characters for the judge"),
    ] {
      guard let limit else { continue }
      if limit < 1 {
        report(
          .invalidValue, at: .key("budget"), .key(key),
          message: "found \(limit), expected 1 or more")
      } else if Double(limit) > DecimalNumber.limit {
        report(
          .invalidValue, at: .key("budget"), .key(key),
          message: "found \(limit), expected at most \(DecimalNumber.limitText)")
      } else if found > limit {
        report(
          .overBudget, at: .key("budget"), .key(key),
          message: "the rubric has \(found) \(noun), its budget is \(limit)",
          hint: "take something out, or raise the budget")
      }
    }
  }
}

extension [Criterion] {
  /// Whether a group in it sums verdicts in their own scales, so that its value is not within 1.
  fileprivate var hasSums: Bool {
    contains { $0.isGroup && ($0.rollup == .sum || $0.criteria.hasSums) }
  }
}
