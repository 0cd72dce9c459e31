/// A conflict before it is known whether a settlement takes it.
struct PendingConflict {
  var code: MergeConflict.Code
  var path: MergePath
  var values: MergeValues
  var message: String
  /// The rules that are for this kind of conflict.
  var rules: [Settlement.Rule]
  var takesValue: Bool
  /// The criteria, besides the one it is about, that have a part in it.
  var involved: [CriterionID] = []

  var conflict: MergeConflict {
    MergeConflict(
      code: code, path: path, base: values.base, ours: values.ours, theirs: values.theirs,
      message: message, rules: rules, takesValue: takesValue)
  }
}

extension Merging {
  /// Settles a conflict, or adds it to those that are left.
  ///
  /// - Parameters:
  ///   - pending: The conflict.
  ///   - choose: The value that a rule gives, nil where it gives none here.
  ///   - written: How a value is written; nil where it stands for absence.
  /// - Returns: The value that was settled on; nil where the conflict is left.
  /// - Throws: ``MergeError`` for a settlement of this place that does not fit.
  mutating func settle<Value>(
    _ pending: PendingConflict, choose: (Settlement.Rule) -> Value?,
    written: (Value) -> JSONValue?
  ) throws(MergeError) -> Value? {
    if let rule = settlements.specific(pending.path) {
      guard pending.accepts(rule), let value = choose(rule) else { throw pending.unfit(rule) }
      record(pending.path, pending.code, rule, pending.values, written(value))
      return value
    }
    for (key, rule) in settlements.general(pending.path) where pending.accepts(rule) {
      guard let value = choose(rule) else { continue }
      settlements.use(key)
      record(pending.path, pending.code, rule, pending.values, written(value))
      return value
    }
    add(pending.conflict, involved: pending.involved)
    return nil
  }

  /// Merges one field.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - base: What it was; nil for a criterion that both sides added.
  ///   - ours: Our side's value.
  ///   - theirs: Their side's value.
  ///   - isSame: Whether two values are the same.
  ///   - clash: What the conflict is called where it is not simply that both changed the field.
  ///   - rules: The rules that it takes besides ours, theirs and base.
  ///   - combined: What one of those rules gives, nil where it gives nothing.
  ///   - written: How a value is written; nil where it stands for absence.
  /// - Returns: The merged value, or what stands there while the conflict is open.
  /// - Throws: ``MergeError`` for a settlement of this place that does not fit.
  mutating func merged<Value: NodeCodable>(
    _ path: MergePath, _ base: Value?, _ ours: Value, _ theirs: Value,
    isSame: (Value, Value) -> Bool, clash: Clash? = nil, rules: [Settlement.Rule] = [],
    combined: (Settlement.Rule) -> Value? = { _ in nil },
    written: (Value) -> JSONValue? = { $0.written }
  ) throws(MergeError) -> Value {
    let isAgreed = isSame(ours, theirs)
    let isOursOld = base.map { isSame($0, ours) } ?? false
    let isTheirsOld = base.map { isSame($0, theirs) } ?? false
    var clean = isAgreed || isTheirsOld ? ours : isOursOld ? theirs : nil
    if clash?.isForced == true { clean = nil }
    if let clean, !settlements.hasPlaces(in: path.criterion) { return clean }
    var problem: MergeError?
    func choose(_ rule: Settlement.Rule) -> Value? {
      switch rule {
      case .ours: return ours
      case .theirs: return theirs
      case .base: return base
      case .value(let json):
        do throws(MergeError) { return try Value.settled(json, at: path) } catch {
          problem = error
          return nil
        }
      case .mean, .union, .strictest: return combined(rule)
      }
    }
    let values = MergeValues(
      base: base.flatMap(written), ours: written(ours), theirs: written(theirs))
    if let clean {
      // A field that is not in conflict is only set where it is named.
      guard let rule = settlements.specific(path) else { return clean }
      guard let value = choose(rule) else {
        if let problem { throw problem }
        throw MergeError(
          .unfitSettlement, at: path,
          "`\(rule.name ?? "")` does not fit `\(path)`, which is not in conflict",
          hint: "write a value, ours or theirs")
      }
      if !isSame(value, clean) { record(path, nil, rule, values, written(value)) }
      return value
    }
    let isNew = base == nil
    let pending = PendingConflict(
      code: clash?.code ?? (isNew ? .bothAdded : .bothChanged), path: path, values: values,
      message: clash?.message
        ?? (isNew
          ? "both sides added `\(path.criterion?.rawValue ?? path.description)`, with different "
            + "values of `\(path.field ?? "")`"
          : "both sides changed `\(path.field ?? "")`"
            + (path.criterion.map { " of `\($0)`" } ?? "")),
      rules: [.ours, .theirs] + (isNew ? [] : [.base]) + rules.filter { combined($0) != nil },
      takesValue: true)
    let value: Value?
    do throws(MergeError) {
      value = try settle(pending, choose: choose, written: written)
    } catch {
      throw problem ?? error
    }
    return value ?? preference(base, ours, theirs)
  }

  /// The value that stands where nothing settles a conflict.
  func preference<Value>(_ base: Value?, _ ours: Value, _ theirs: Value) -> Value {
    switch preferred {
    case .ours: ours
    case .theirs: theirs
    case .base: base ?? ours
    }
  }
}

/// What a conflict of one field is called.
struct Clash {
  var code: MergeConflict.Code
  var message: String
  /// Whether there is a conflict although one side left the field as it was.
  var isForced = false
}

extension PendingConflict {
  func accepts(_ rule: Settlement.Rule) -> Bool {
    if case .value = rule { return takesValue }
    return rules.contains(rule)
  }

  func unfit(_ rule: Settlement.Rule) -> MergeError {
    let words = rules.compactMap(\.name) + (takesValue ? ["a value"] : [])
    return MergeError(
      .unfitSettlement, at: path,
      "\(rule.name.map { "`\($0)`" } ?? "a value") cannot settle `\(path)`: \(message)",
      hint: "it takes \(Suggestion.plainList(words))")
  }
}

extension NodeCodable {
  /// The value that a settlement gives a field.
  static func settled(
    _ json: JSONValue, at path: MergePath
  ) throws(MergeError) -> Self {
    if case .number = json, Self.self == String.self {
      // `title=1.50` would have been read as 1.5.
      throw MergeError(
        .unfitSettlement, at: path,
        "`\(path)` takes text, and a number may be written in many ways",
        hint: "put it in quotes, which are part of the value")
    }
    var candidates = [json]
    // `title=2` means the text.
    switch json {
    case .integer, .bool: candidates.append(.string(json.jsonText))
    default: break
    }
    var first: Finding?
    for candidate in candidates {
      let (root, _) = JSONReader.read(Array(candidate.jsonText.utf8))
      guard let root else { continue }
      var reader = NodeReader()
      if let value = read(root, &reader), reader.findings.isEmpty { return value }
      first = first ?? reader.findings.first
    }
    throw MergeError(
      .unfitSettlement, at: path,
      "`\(path)` cannot be \(NodeReader.quote(json.jsonText))"
        + (first.map { ": \($0.message)" } ?? ""), hint: first?.hint)
  }
}

extension Suggestion {
  /// "ours, theirs or a value".
  fileprivate static func plainList(_ words: [String]) -> String {
    guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
    return words.dropLast().joined(separator: ", ") + " or " + last
  }
}
