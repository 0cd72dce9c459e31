extension Merging {
  /// Checks what no single field shows.
  mutating func checkWhole(_ result: Rubric) {
    for finding in result.findings {
      let path = place(of: finding)
      func value(_ rubric: Rubric, _ table: CriterionTable) -> JSONValue? {
        guard let id = path.criterion else {
          return path.field.map { rubric.written.at($0) ?? .null } ?? nil
        }
        guard let entry = table.entries[id] else { return nil }
        guard let field = path.field else { return entry.written }
        if field == "criteria" { return table.children(of: id).written }
        return entry.written.at(field) ?? .null
      }
      add(
        MergeConflict(
          code: .inconsistent, path: path, base: value(base, baseTable),
          ours: value(ours, ourTable), theirs: value(theirs, theirTable),
          message: "the rubric would not be valid: " + finding.message, rules: [],
          takesValue: true))
    }
  }

  /// A finding's place by id: `flow.gate.min` is the gate of `flow`.
  private func place(of finding: Finding) -> MergePath {
    let text = finding.path
    if text.isEmpty { return path() }
    if let id = CriterionID(rawValue: text), parents[id] != nil { return path(id) }
    // An id may have points in it.
    for index in text.indices.reversed() where text[index] == "." {
      if let id = CriterionID(rawValue: String(text[..<index])), parents[id] != nil {
        let field = text[text.index(after: index)...].prefix { $0 != "." && $0 != "[" }
        return path(id, String(field))
      }
    }
    let keys = text.split(separator: ".").map { $0.prefix { $0 != "[" } }
    return path(nil, keys.prefix(2).joined(separator: "."))
  }

  /// Tells of shares that neither side has seen: one set weights, the other changed what they are
  /// shared with.
  mutating func noteShares(in result: Rubric) {
    var groups: [(CriterionID?, [Criterion])] = [(nil, result.criteria)]
    result.criteria.forEachGroup { groups.append(($0.id, $0.criteria)) }
    for (parent, siblings) in groups {
      let ids = siblings.map(\.id)
      let left = weights(ourTable, parent)
      let right = weights(theirTable, parent)
      var merged: [CriterionID: Double] = [:]
      for sibling in siblings { merged[sibling.id] = sibling.countedWeight }
      // A side that has the very weights of the result has seen them.
      guard left != merged, right != merged else { continue }
      let old = weights(baseTable, parent)
      let byUs = changes(old, left)
      let byThem = changes(old, right)
      guard !byUs.isEmpty, !byThem.isEmpty else { continue }
      let place = path(parent, "criteria")
      let shown = ids.filter { merged[$0] != nil && (left[$0] != nil || right[$0] != nil) }
        .prefix(4).map { id in
          "`\(id)` now has \(Self.share(id, merged)) (ours \(Self.share(id, left)), theirs "
            + "\(Self.share(id, right)))"
        }
      note(
        .sharesChanged, place,
        "the weights "
          + (parent.map { "in `\($0)`" } ?? "at the top level")
          + " were changed by both sides, and neither has seen the shares that they make: "
          + shown.joined(separator: ", "))
    }
  }

  /// The weights that a side counts in a group.
  private func weights(_ table: CriterionTable, _ parent: CriterionID?) -> [CriterionID: Double] {
    var result: [CriterionID: Double] = [:]
    for id in table.children(of: parent) {
      result[id] = table.entries[id]?.fields.countedWeight
    }
    return result
  }

  private func changes(
    _ old: [CriterionID: Double], _ new: [CriterionID: Double]
  ) -> Set<CriterionID> {
    Set(Set(old.keys).union(new.keys).filter { old[$0] != new[$0] })
  }

  private static func share(_ id: CriterionID, _ weights: [CriterionID: Double]) -> String {
    let total = weights.values.reduce(0, +)
    guard let weight = weights[id], total > 0 else { return "none" }
    let permille = (weight / total * 1_000).rounded()
    return CanonicalNumber.text(permille / 10) + " %"
  }
}

extension Criterion {
  /// Its weight where it counts.
  fileprivate var countedWeight: Double? { status == .active ? weight : nil }
}

extension JSONValue {
  /// The value below a path of keys.
  fileprivate func at(_ path: String) -> JSONValue? {
    path.split(separator: ".").reduce(Optional(self)) { value, key in value?[String(key)] }
  }
}
