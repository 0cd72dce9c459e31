import RubricStore

extension Terminal {
  /// Shows edits, each with what was and what is.
  func show(_ edits: [Edit], indent: String = "") {
    for edit in edits {
      let (sign, label) = edit.sign
      line(indent + paint(sign, label) + " " + paint(edit.summary, label))
      for (isNew, text) in edit.details {
        let mark = isNew ? paint("+", .added) : paint("-", .removed)
        for part in text.split(separator: "\n", omittingEmptySubsequences: false) {
          line("\(indent)    \(mark) \(paint(String(part), isNew ? .added : .removed))")
        }
      }
      if !edit.rationale.isEmpty {
        // A reason of several lines stays under its edit.
        let words = edit.rationale.replacing("\n", with: "\n\(indent)    ")
        line("\(indent)    \(paint("because \(words)", .muted))")
      }
      if !edit.evidence.isEmpty {
        let names = edit.evidence.joined(separator: ", ")
        line("\(indent)    \(paint("evidence: \(names)", .muted))")
      }
    }
  }
}

extension Edit {
  fileprivate var sign: (String, Label) {
    switch operation {
    case .add, .addLevel, .addExample, .activate: ("+", .added)
    case .remove, .removeLevel, .removeExample, .deactivate: ("-", .removed)
    case .move, .reorder: ("⇆", .changed)
    default: ("±", .changed)
    }
  }

  /// What was (false) and what is (true), where the summary does not say it already.
  fileprivate var details: [(isNew: Bool, text: String)] {
    switch change {
    case .add(let placed): return placed.criterion.words.map { (true, $0) }
    case .remove(let placed): return placed.criterion.words.map { (false, $0) }
    case .reword(_, let delta):
      return pair(delta.before.text, delta.after.text)
        + list(delta.before.lowerWhen, delta.after.lowerWhen)
    case .tighten(_, let delta), .relax(_, let delta):
      var details = list(delta.before.lowerWhen, delta.after.lowerWhen)
      if delta.before.gate != delta.after.gate {
        if let gate = delta.before.gate { details.append((false, "gate: \(gate.words)")) }
        if let gate = delta.after.gate { details.append((true, "gate: \(gate.words)")) }
      }
      for (old, new) in zip(delta.before.levels, delta.after.levels) {
        details += [
          (false, "\(old.value.words): \(old.text)"), (true, "\(new.value.words): \(new.text)"),
        ]
      }
      return details
    case .editLevel(_, let delta):
      return pair(delta.before.words, delta.after.words)
        + list(delta.before.examples, delta.after.examples)
    case .addLevel(_, let placed): return [(true, placed.level.words)]
    case .removeLevel(_, let placed): return [(false, placed.level.words)]
    case .addExample(_, let placed): return [(true, placed.text)]
    case .removeExample(_, let placed): return [(false, placed.text)]
    case .rescale(_, let delta):
      return list(delta.before.levels.map(\.words), delta.after.levels.map(\.words))
    case .setPreamble(let delta), .setPostamble(let delta), .setDescription(let delta):
      return pair(delta.before, delta.after)
    case .setApplicability(_, let delta): return pair(delta.before, delta.after)
    case .retag(_, let delta): return list(delta.before, delta.after)
    case .setAggregation(let delta): return pair(delta.before.words, delta.after.words)
    case .setJudge(let delta): return pair(delta.before.words, delta.after.words)
    case .setBudget, .setSubject, .setExt:
      let json = json
      return pair(json["before"]?.jsonText ?? "", json["after"]?.jsonText ?? "")
    case .split(let before, let after), .mergeCriteria(let before, let after):
      return before.flatMap { $0.criterion.words.map { (false, $0) } }
        + after.flatMap { $0.criterion.words.map { (true, $0) } }
    default: return []
    }
  }

  private func pair(_ before: String, _ after: String) -> [(isNew: Bool, text: String)] {
    guard before.isVerbatim(after) == false else { return [] }
    return (before.isEmpty ? [] : [(false, before)]) + (after.isEmpty ? [] : [(true, after)])
  }

  private func list(_ before: [String], _ after: [String]) -> [(isNew: Bool, text: String)] {
    let gone = before.filter { old in !after.contains { $0.isVerbatim(old) } }
    let new = after.filter { item in !before.contains { $0.isVerbatim(item) } }
    return gone.map { (false, $0) } + new.map { (true, $0) }
  }
}

extension Criterion {
  /// What a person wants to see of a criterion that came or went.
  fileprivate var words: [String] {
    var words: [String] = []
    if !title.isEmpty { words.append(title) }
    if !text.isEmpty { words.append(text) }
    if weight != 1 { words.append("weight \(weight.words)") }
    return words + criteria.flatMap(\.words)
  }
}

extension Level {
  fileprivate var words: String {
    "\(value.words)" + (label.isEmpty ? "" : " (\(label))") + (text.isEmpty ? "" : ": \(text)")
  }
}

extension Aggregation {
  /// The formula and its policies, defaults too.
  fileprivate var words: String {
    let bounds = clip.map { "\($0.lower.words)…\($0.upper.words)" } ?? "none"
    return "method \(method.rawValue), clip \(bounds), missing \(missing.rawValue), "
      + "na \(na.rawValue)"
  }
}

extension JudgeContract {
  /// The contract, defaults too.
  fileprivate var words: String {
    var words = "mode \(mode.rawValue), answer \(output.rawValue)"
    if !template.isEmpty { words += ", template \(template)" }
    if !model.isEmpty { words += ", model \(model)" }
    return words
  }
}

extension Gate {
  /// The gate in words.
  var words: String {
    switch effect {
    case .veto: "at least \(min.words), or veto"
    case .cap: "at least \(min.words), or at most \((cap ?? 0).words)"
    }
  }
}

extension Double {
  /// The number as documents write it.
  var words: String { JSONValue.number(self).numberText }
}

extension JSONValue {
  /// A whole number without its fraction.
  fileprivate var numberText: String {
    if case .number(let value) = self, value == value.rounded(), value.magnitude < 1e15 {
      return String(Int(value))
    }
    return jsonText
  }
}
