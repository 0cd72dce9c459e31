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
    let old = baseTable.fields(of: id)
    guard let left = ourTable.fields(of: id) else {
      return theirTable.fields(of: id) ?? Criterion(id: id)
    }
    guard let right = theirTable.fields(of: id) else { return left }
    let isAgreed = left == right
    let (isOursOld, isTheirsOld) = (old == left, old == right)
    if let old, !isAgreed {
      // Only of these is there anything to note; a pin also covers what is in a group.
      let isByUs = !isOursOld || isElsewhere(id, in: ourTable, causes.ours)
      let isByThem = !isTheirsOld || isElsewhere(id, in: theirTable, causes.theirs)
      if isByUs && isByThem || left.pinned != old.pinned || right.pinned != old.pinned {
        changedByBoth.append(id)
      }
    }
    if !settlements.hasPlaces(in: id) {
      if isAgreed || isTheirsOld { return left }
      if isOursOld { return right }
    }
    return try merged(old, left, right)
  }

  /// Whether a side moved a criterion, made it a group, or replaced it by itself and others.
  private func isElsewhere(
    _ id: CriterionID, in table: CriterionTable, _ causes: MergeCauses.Side
  ) -> Bool {
    table.parent(of: id) != baseTable.parent(of: id)
      || table.hasChildren(id) != baseTable.hasChildren(id) || causes.replacements[id] != nil
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
    // Of no version: only a settlement can have said so.
    guard result.weight >= 0 else {
      throw MergeError(
        .unfitSettlement, at: path(id, "weight"),
        "`\(path(id, "weight"))` cannot be \(CanonicalNumber.text(result.weight))",
        hint: "a weight is 0 or more")
    }
    let direction = try merged(
      path(id, "polarity"), (old?.direction).map { MergedDirection($0) },
      MergedDirection(left.direction), MergedDirection(right.direction), isSame: ==
    ).direction
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
    return result
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

  /// What two texts have grown to that both began as `base`; nil where one changed otherwise, or
  /// where words would be joined.
  ///
  /// It does not depend on which text is ours.
  static func union(_ base: String, _ ours: String, _ theirs: String) -> String? {
    guard ours.utf8.starts(with: base.utf8), theirs.utf8.starts(with: base.utf8) else { return nil }
    func tail(_ text: String, after count: Int) -> String {
      String(decoding: text.utf8.dropFirst(count), as: UTF8.self)
    }
    func isWord(_ tail: String) -> Bool {
      tail.unicodeScalars.first.map { !$0.properties.isWhitespace } ?? false
    }
    let tails = [ours, theirs].map { tail($0, after: base.utf8.count) }
      .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    // One may have grown out of the other.
    if tails[1].utf8.starts(with: tails[0].utf8),
      !isWord(tail(tails[1], after: tails[0].utf8.count))
    {
      return base + tails[1]
    }
    let endsInSpace = base.unicodeScalars.last?.properties.isWhitespace ?? true
    guard !isWord(tails[1]), endsInSpace || !isWord(tails[0]) else { return nil }
    return base + tails[0] + tails[1]
  }

  /// Merges a list of distinct texts.
  mutating func list(
    _ path: MergePath, _ base: [String]?, _ ours: [String],
    _ theirs: [String], rules: [Settlement.Rule]
  ) throws(MergeError) -> [String] {
    let isSame = { (left: [String], right: [String]) in left.isVerbatim(right) }
    if !settlements.hasPlaces(in: path.criterion) {
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
      case .union where rules.contains(rule), .strictest where rules.contains(rule):
        items = merge.union
      default:
        // Read, and checked, as any other field.
        items = try merged(path, base, ours, theirs, isSame: isSame)
        return items
      }
      if !isSame(items, merge.items) { record(path, nil, rule, values, items.written) }
      return items
    }
    return try merged(path, base, ours, theirs, isSame: isSame, rules: rules) {
      rules.contains($0) ? merge.union : nil
    }
  }

  /// Merges what is kept for others, key by key.
  private mutating func extensions(
    _ id: CriterionID?, _ base: Extensions?, _ ours: Extensions, _ theirs: Extensions
  ) throws(MergeError) -> Extensions {
    if !settlements.hasPlaces(in: id), ours == theirs { return ours }
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
        path, .some(KeptValue(base)), KeptValue(ours), KeptValue(theirs), isSame: ==,
        clash: clash(path, base, ours, theirs), written: { $0.value }
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

  /// What a conflict of two JSON values is called; nil where both have changed one.
  private func clash(
    _ path: MergePath, _ base: JSONValue?, _ ours: JSONValue?, _ theirs: JSONValue?
  ) -> Clash? {
    let name = "`\(path.field ?? "")`" + (path.criterion.map { " of `\($0)`" } ?? "")
    switch (base, ours, theirs) {
    case (nil, _?, _?): return Clash(code: .bothAdded, message: "both sides added \(name)")
    case (_?, nil, _?):
      return Clash(
        code: .changedAndRemoved, message: "their side changed \(name), and our side removed it")
    case (_?, _?, nil):
      return Clash(
        code: .changedAndRemoved, message: "our side changed \(name), and their side removed it")
    default: return nil
    }
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

/// Polarity and credit, which a settlement may name by the polarity's word alone.
private struct MergedDirection: NodeCodable, Equatable {
  var direction: Direction

  init(_ direction: Direction) { self.direction = direction }

  static func read(_ node: Node, _ reader: inout NodeReader) -> MergedDirection? {
    if case .scalar = node.content {
      return Criterion.Polarity.read(node, &reader).map { Self(Direction(polarity: $0)) }
    }
    return Direction.read(node, &reader).map { Self($0) }
  }

  var written: JSONValue { direction.written }
  static var schema: JSONValue { Direction.schema }
}
