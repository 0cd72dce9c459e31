extension Merging {
  /// Checks what no single field shows.
  mutating func checkWhole(_ result: Rubric) {
    for finding in result.findings {
      let path = place(of: finding)
      func value(_ rubric: Rubric, _ table: CriterionTable) -> JSONValue? {
        guard let id = path.criterion else {
          if path.field == "criteria" { return table.top.written }
          return path.field.map { rubric.written.at($0) ?? .null } ?? nil
        }
        guard let entry = table.entries[id] else { return nil }
        guard let field = path.field else { return entry.written }
        if field == "criteria" { return table.children(of: id).written }
        return entry.written.at(field) ?? .null
      }
      // What has no value of its own is mended by settling a field of what is in it.
      let takesValue = path.field.map { $0 != "criteria" } ?? false
      var involved: [CriterionID] = []
      if path.field.map({ $0 == "criteria" || path.criterion == nil }) ?? false {
        involved = parents.keys.filter { path.criterion == nil || parents[$0] == path.criterion }
        if path.field == "criteria" { involved = involved.filter { parents[$0] == path.criterion } }
      }
      add(
        MergeConflict(
          code: .inconsistent, path: path, base: value(base, baseTable),
          ours: value(ours, ourTable), theirs: value(theirs, theirTable),
          message: "the rubric would not be valid: " + finding.message
            + (finding.hint.map { " (\($0))" } ?? ""), rules: [], takesValue: takesValue),
        involved: involved)
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
        return path(id, field == "credit" ? "polarity" : String(field))
      }
    }
    let keys = text.split(separator: ".").map { $0.prefix { $0 != "[" } }
    return path(nil, keys.first == "subject" ? "subject" : keys.prefix(2).joined(separator: "."))
  }
}

extension JSONValue {
  /// The value below a path of keys.
  fileprivate func at(_ path: String) -> JSONValue? {
    path.split(separator: ".").reduce(Optional(self)) { value, key in value?[String(key)] }
  }
}
