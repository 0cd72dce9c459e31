extension Merging {
  /// Merges the rubric's own fields.
  mutating func mergeFields(into result: inout Rubric) throws(MergeError) {
    try text("title", \.title, into: &result)
    try text("description", \.description, into: &result)
    try value("subject", \.subject, into: &result)
    try value("judge.mode", \.judge.mode, into: &result)
    try text("judge.template", \.judge.template, into: &result)
    try text("judge.model", \.judge.model, into: &result)
    try value("judge.output", \.judge.output, into: &result)
    try text("preamble", \.preamble, into: &result)
    try value("aggregation.method", \.aggregation.method, into: &result)
    try value("aggregation.clip", \.aggregation.clip, into: &result)
    try value("aggregation.missing", \.aggregation.missing, into: &result)
    try value("aggregation.na", \.aggregation.na, into: &result)
    try value("budget.criteria", \.budget.criteria, into: &result)
    try value("budget.depth", \.budget.depth, into: &result)
    try value("budget.characters", \.budget.characters, into: &result)
    try text("postamble", \.postamble, into: &result)
    result.ext = try extensions(nil, base.ext, ours.ext, theirs.ext)
  }

  private mutating func text(
    _ key: String, _ field: WritableKeyPath<Rubric, String>, into result: inout Rubric
  ) throws(MergeError) {
    result[keyPath: field] = try text(
      path(nil, key), base[keyPath: field], ours[keyPath: field], theirs[keyPath: field])
  }

  private mutating func value<Value: NodeCodable & Equatable>(
    _ key: String, _ field: WritableKeyPath<Rubric, Value>, into result: inout Rubric
  ) throws(MergeError) {
    result[keyPath: field] = try merged(
      path(nil, key), base[keyPath: field], ours[keyPath: field], theirs[keyPath: field],
      isSame: ==)
  }

  /// Merges a criterion's own fields.
  mutating func mergedFields(of id: CriterionID) throws(MergeError) -> Criterion {
    if let taken = whole[id] { return taken }
    let old = baseTable.entries[id]?.fields
    guard let left = ourTable.entries[id]?.fields else {
      return theirTable.entries[id]?.fields ?? Criterion(id: id)
    }
    guard let right = theirTable.entries[id]?.fields else { return left }
    if settlements.isEmpty {
      if left == right { return left }
      if let old, old == right { return left }
      if let old, old == left { return right }
    }
    return try merged(old, left, right)
  }

  private mutating func merged(
    _ old: Criterion?, _ left: Criterion, _ right: Criterion
  ) throws(MergeError) -> Criterion {
    let id = left.id
    var result = left
    result.title = try text(path(id, "title"), old?.title, left.title, right.title)
    result.text = try text(path(id, "text"), old?.text, left.text, right.text)
    result.weight = try merged(
      path(id, "weight"), old?.weight, left.weight, right.weight, isSame: ==, rules: [.mean]
    ) { $0 == .mean ? (left.weight + right.weight) / 2 : nil }
    let direction = try merged(
      path(id, "polarity"), old?.direction, left.direction, right.direction, isSame: ==)
    result.polarity = direction.polarity
    result.credit = direction.credit
    result.scale = try mergedScale(old, left, right)
    result.lowerWhen = try list(
      path(id, "lower_when"), old?.lowerWhen, left.lowerWhen, right.lowerWhen,
      rules: [.union, .strictest])
    result.gate = try mergedGate(old, left, right)
    result.status = try merged(
      path(id, "status"), old?.status, left.status, right.status, isSame: ==)
    result.pinned = try merged(
      path(id, "pinned"), old?.pinned, left.pinned, right.pinned, isSame: ==)
    result.origin = try merged(
      path(id, "origin"), old?.origin, left.origin, right.origin, isSame: ==)
    result.appliesWhen = try text(
      path(id, "applies_when"), old?.appliesWhen, left.appliesWhen, right.appliesWhen)
    result.tags = try list(path(id, "tags"), old?.tags, left.tags, right.tags, rules: [.union])
    result.rollup = try merged(
      path(id, "rollup"), old?.rollup, left.rollup, right.rollup, isSame: ==)
    result.ext = try extensions(id, old?.ext, left.ext, right.ext)
    if let old { notePin(old, left, right) }
    return result
  }

  /// A pin says that a wording is to stay, and the other side has changed it meanwhile.
  private mutating func notePin(_ old: Criterion, _ left: Criterion, _ right: Criterion) {
    for (pinner, other, who, by) in [
      (left, right, "our side", "their side"), (right, left, "their side", "our side"),
    ] where pinner.pinned && !old.pinned && !other.pinned && other != old {
      note(
        .pinnedChanged, path(old.id),
        "\(who) pinned `\(old.id)`, and \(by) changed it before that: "
          + other.differences(from: old).joined(separator: ", "))
    }
  }

  /// Merges a text.
  mutating func text(
    _ path: MergePath, _ base: String?, _ ours: String, _ theirs: String
  ) throws(MergeError) -> String {
    try merged(
      path, base, ours, theirs, isSame: { $0.isVerbatim($1) }, rules: [.union],
      combined: { rule in
        guard rule == .union, let base, !base.isEmpty else { return nil }
        return Self.union(base, ours, theirs)
      })
  }

  /// What two texts have grown to that both began as `base`; nil where one changed otherwise.
  static func union(_ base: String, _ ours: String, _ theirs: String) -> String? {
    guard ours.utf8.starts(with: base.utf8), theirs.utf8.starts(with: base.utf8) else { return nil }
    let tails = [ours, theirs].map { Array($0.utf8.dropFirst(base.utf8.count)) }
    let bytes = Array(base.utf8) + tails[0] + (tails[0] == tails[1] ? [] : tails[1])
    return String(validating: bytes, as: UTF8.self)
  }

  /// Merges a list of distinct texts.
  mutating func list(
    _ path: MergePath, _ base: [String]?, _ ours: [String],
    _ theirs: [String], rules: [Settlement.Rule]
  ) throws(MergeError) -> [String] {
    let isSame = { (left: [String], right: [String]) in left.isVerbatim(right) }
    if settlements.isEmpty {
      if isSame(ours, theirs) { return ours }
      if let base, isSame(base, theirs) { return ours }
      if let base, isSame(base, ours) { return theirs }
    }
    let merge = ListMerge(base: base ?? [], ours: ours, theirs: theirs)
    if base != nil, !merge.isConflict {
      guard let rule = settlements.specific(path) else { return merge.items }
      let values = MergeValues(base: base?.written, ours: ours.written, theirs: theirs.written)
      var items = merge.items
      switch rule {
      case .ours: items = ours
      case .theirs: items = theirs
      case .union, .strictest: items = merge.union
      default:
        // Read, and checked, as any other field.
        items = try merged(path, base, ours, theirs, isSame: isSame)
        return items
      }
      if !isSame(items, merge.items) { record(path, nil, rule, values, items.written) }
      return items
    }
    return try merged(path, base, ours, theirs, isSame: isSame, rules: rules) { _ in merge.union }
  }

  /// Merges what is kept for others, key by key.
  private mutating func extensions(
    _ id: CriterionID?, _ base: Extensions?, _ ours: Extensions, _ theirs: Extensions
  ) throws(MergeError) -> Extensions {
    if settlements.isEmpty, ours == theirs { return ours }
    let merged = try json(
      path(id, "ext"), (base?.members).map { .object($0) }, .object(ours.members),
      .object(theirs.members))
    return Extensions(merged?.object ?? JSONObject())
  }

  /// Merges two JSON values; nil stands for a key that is not there.
  private mutating func json(
    _ path: MergePath, _ base: JSONValue?, _ ours: JSONValue?, _ theirs: JSONValue?
  ) throws(MergeError) -> JSONValue? {
    guard case .object(let left) = ours, case .object(let right) = theirs,
      base.map({ $0.object != nil }) ?? true
    else {
      return try merged(
        path, .some(KeptValue(base)), KeptValue(ours), KeptValue(theirs), isSame: ==
      ).value
    }
    var result = JSONObject()
    let old = base?.object ?? JSONObject()
    var keys = Set((left.members + right.members).map { Verbatim(wrappedValue: $0.key) })
    keys.formUnion(old.members.map { Verbatim(wrappedValue: $0.key) })
    let ordered = keys.map(\.wrappedValue).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    for key in ordered {
      var inner = path
      inner.field = (path.field ?? "") + "." + key
      if let value = try json(inner, old[key], left[key], right[key]) {
        result.append(key, value)
      }
    }
    return .object(result)
  }
}

/// A value of `ext` that may be absent.
private struct KeptValue: NodeCodable, Equatable {
  var value: JSONValue?

  init(_ value: JSONValue?) { self.value = value }

  static func read(_ node: Node, _ reader: inout NodeReader) -> KeptValue? {
    JSONValue.read(node, &reader).map { KeptValue($0) }
  }

  var written: JSONValue { value ?? .null }
  static var schema: JSONValue { true }
}

extension Criterion {
  /// The keys of the fields that differ.
  fileprivate func differences(from old: Criterion) -> [String] {
    Self.fields.compactMap { field in
      field.write(self) == field.write(old) ? nil : "`\(field.key)`"
    }
  }
}
