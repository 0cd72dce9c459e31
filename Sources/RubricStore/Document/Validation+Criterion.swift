extension Validation {
  /// Checks what holds for criteria and groups alike.
  mutating func checkFields(_ item: Criterion) {
    if !CriterionID.isValid(item.id.rawValue) {
      report(
        .invalidValue, at: .key("id"),
        message: "\(NodeReader.quote(item.id.rawValue)) is no criterion id",
        hint: "an id is \(CriterionID.rule)")
    }
    checkLine(item.title, "title")
    checkText(item.text, [.key("text")])
    checkText(item.appliesWhen, [.key("applies_when")])
    if item.weight < 0 {
      report(
        .invalidValue, at: .key("weight"),
        message: "the weight is \(show(item.weight)), expected 0 or more",
        hint: "a criterion that costs has `polarity: negative`")
    } else {
      checkNumber(item.weight, [.key("weight")])
    }
    checkDistinct(item.lowerWhen, [.key("lower_when")])
    checkDistinct(item.tags, [.key("tags")])
    for (index, tag) in item.tags.enumerated() { checkLine(tag, "tags", index) }
    check(item.ext)
  }

  /// Checks that a group leaves the fields of a judged criterion alone.
  mutating func checkGroup(_ item: Criterion) {
    let isPlain =
      item.polarity == .positive && item.credit == .penalty && item.scale == .binary
      && item.lowerWhen.isEmpty && item.gate == nil && item.appliesWhen.isEmpty
    let judgedOnly: [(String, Bool)] =
      isPlain
      ? []
      : [
        ("polarity", item.polarity != .positive), ("credit", item.credit != .penalty),
        ("scale", item.scale != .binary), ("lower_when", !item.lowerWhen.isEmpty),
        ("gate", item.gate != nil), ("applies_when", !item.appliesWhen.isEmpty),
      ]
    for (key, isSet) in judgedOnly where isSet {
      report(
        .inconsistent, at: .key(key),
        message: "`\(key)` is for a criterion that is judged, and `\(item.id)` is a group",
        hint: "set it on the criteria of the group")
    }
    if item.status == .diagnostic {
      report(
        .inconsistent, at: .key("status"), message: "a group cannot be diagnostic",
        hint: "set it on the criteria of the group")
    }
  }

  /// Checks a criterion that the judge answers.
  mutating func checkJudged(_ item: Criterion, clip: Clip?) {
    if item.rollup != .weightedMean {
      report(
        .inconsistent, at: .key("rollup"),
        message: "`rollup` is for a group, and `\(item.id)` has no criteria",
        hint: "add criteria, or leave it out")
    }
    if isBlank(item.title), isBlank(item.text), item.scale.levels.allSatisfy({ isBlank($0.text) }) {
      report(
        .missingKey, message: "the criterion tells the judge nothing: no title, text or level text",
        hint: "add `text: …`")
    }
    if item.polarity == .positive, item.credit != .penalty {
      report(
        .inconsistent, at: .key("credit"),
        message: "`credit` says how a negative criterion counts, and this one is positive",
        hint: "set `polarity: negative`, or leave `credit` out")
    }
    check(item.scale)
    if let gate = item.gate { check(gate, of: item, clip: clip) }
  }

  private mutating func check(_ gate: Gate, of item: Criterion, clip: Clip?) {
    if item.status == .inactive {
      report(
        .inconsistent, at: .key("gate"),
        message: "a gate on an inactive criterion never sees a verdict",
        hint: "clear the gate, or make the criterion `diagnostic`")
    }
    checkNumber(gate.min, [.key("gate"), .key("min")])
    if let bounds = item.scale.bounds, gate.min < bounds.min || gate.min > bounds.max {
      report(
        .inconsistent, at: .key("gate"), .key("min"),
        message: "the gate asks for \(show(gate.min)), and the scale goes from "
          + "\(show(bounds.min)) to \(show(bounds.max))", hint: "set a gate inside the scale")
    }
    switch (gate.effect, gate.cap) {
    case (.cap, nil):
      report(
        .missingKey, at: .key("gate"), message: "a gate that caps needs a `cap`",
        hint: "add `cap: …`, the highest reward behind it")
    case (.veto, .some):
      report(
        .inconsistent, at: .key("gate"), .key("cap"), message: "a gate that vetoes has no `cap`",
        hint: "set `effect: cap`, or leave `cap` out")
    case (.cap, let cap?):
      checkNumber(cap, [.key("gate"), .key("cap")])
      if clip == nil, let highest, cap > highest {
        report(
          .inconsistent, at: .key("gate"), .key("cap"),
          message: "the cap \(show(cap)) never holds, since the reward is at most "
            + show(highest), hint: "a cap is in units of the reward")
      }
      if let clip, cap < clip.lower || cap > clip.upper {
        report(
          .inconsistent, at: .key("gate"), .key("cap"),
          message: "the cap \(show(cap)) lies outside the reward, "
            + "\(show(clip.lower)) to \(show(clip.upper))",
          hint: "a cap is in units of the reward")
      }
    case (.veto, nil): break
    }
  }

  private mutating func check(_ scale: Scale) {
    switch scale {
    case .binary: break
    case .levels(let levels):
      // Two that are the same are reported as that.
      if levels.count < 2 {
        report(
          .invalidValue, at: .key("scale"), .key("levels"),
          message:
            "the scale has \(levels.isEmpty ? "no level" : "one level"), expected two or more",
          hint: "add a level")
      }
    case .numeric(let range, _):
      checkNumber(range.min, [.key("scale"), .key("numeric"), .key("min")])
      checkNumber(range.max, [.key("scale"), .key("numeric"), .key("max")])
      if range.min >= range.max {
        report(
          .invalidValue, at: .key("scale"), .key("numeric"),
          message: "the minimum \(show(range.min)) is not below the maximum \(show(range.max))")
      } else if let step = range.step {
        checkNumber(step, [.key("scale"), .key("numeric"), .key("step")])
        // The difference of -4.9 and -5 is a little less than a step of 0.1.
        if step <= 0 || step > (range.max - range.min) * (1 + 1e-9) {
          report(
            .invalidValue, at: .key("scale"), .key("numeric"), .key("step"),
            message: "the step is \(show(step)), expected more than 0 and at most "
              + show(range.max - range.min))
        } else if !range.contains(range.max) {
          report(
            .invalidValue, at: .key("scale"), .key("numeric"), .key("step"),
            message: "steps of \(show(step)) from \(show(range.min)) do not reach "
              + show(range.max), hint: "choose a step that divides the range")
        }
      }
    }
    check(scale.levels, of: scale)
  }

  private mutating func check(_ levels: [Level], of scale: Scale) {
    if levels.count > Limits.levels {
      report(
        .limit, at: .key("scale"), .key("levels"),
        message: "the scale has \(levels.count) levels, at most \(Limits.levels) are allowed")
      return
    }
    var values: Set<Double> = []
    for (index, level) in levels.enumerated() {
      let place: (Step, Step, Step) = (.key("scale"), .key("levels"), .item(index))
      checkNumber(level.value, [place.0, place.1, place.2, .key("value")])
      if !values.insert(level.value).inserted {
        report(
          .duplicateItem, at: place.0, place.1, place.2, .key("value"),
          message: "the level \(show(level.value)) stands twice in the scale")
      }
      if case .numeric(let range, _) = scale, range.min < range.max, !range.contains(level.value) {
        let steps = range.step.map { " in steps of \(show($0))" } ?? ""
        report(
          .inconsistent, at: place.0, place.1, place.2, .key("value"),
          message: "the level \(show(level.value)) lies outside the scale, \(show(range.min)) to "
            + show(range.max) + steps, hint: "change the value, or the range")
      }
      if !isLine(level.label) {
        report(
          .invalidValue, at: place.0, place.1, place.2, .key("label"),
          message: "the label has line breaks or control characters, expected one line")
      }
      checkText(level.text, [place.0, place.1, place.2, .key("text")])
      checkDistinct(level.examples, [place.0, place.1, place.2, .key("examples")])
    }
  }
}
