extension GitRepository {
  /// The most commits of a side whose edits are told as causes of conflicts.
  static var causeCommits: Int { 10_000 }

  /// The edits that one side made and the other has not, by rubric, oldest first.
  ///
  /// Of a merge only what it settled is counted: the rest is told by the commits that it brought.
  ///
  /// - Complexity: One commit read for each of the side's own.
  borrowing func causes(
    from tip: ObjectID, notFrom other: ObjectID
  ) throws(StoreError) -> [RubricID: [MergeConflict.Cause]] {
    let ids = try inGit { () throws(GitError) in
      try commits(reachableFrom: [tip], notFrom: [other], limit: Self.causeCommits)
    }
    var causes: [RubricID: [MergeConflict.Cause]] = [:]
    for id in ids.reversed() {
      let commit = try inGit { () throws(GitError) in try self.commit(id) }
      for entry in try entries(of: commit) {
        let places = Set(entry.settled.map { FieldReference($0.path.criterion, $0.path.fieldName) })
        for edit in entry.edits {
          let isOwn =
            commit.parents.count < 2 || edit.change.extent.fields.contains { places.contains($0) }
          guard isOwn else { continue }
          causes[entry.rubric, default: []].append(
            MergeConflict.Cause(commit: id.hex, edit: edit))
        }
      }
    }
    return causes
  }
}

extension FieldReference {
  /// The field of a settlement's path; a whole criterion counts as its place.
  fileprivate init(_ criterion: CriterionID?, _ field: FieldName?) {
    self.init(criterion, field ?? .place)
  }
}

extension [Edit] {
  /// The edits with the rationales and the evidence of those among `causes` that they repeat, the
  /// last ones first, and with the rule of what was settled.
  func carrying(_ causes: [MergeConflict.Cause], settled: [SettledConflict] = []) -> [Edit] {
    var byField: [FieldReference: Edit] = [:]
    var byCriterion: [CriterionID: Edit] = [:]
    for cause in causes {
      let extent = cause.edit.change.extent
      for field in extent.fields { byField[field] = cause.edit }
      for id in extent.added + extent.removed { byCriterion[id] = cause.edit }
    }
    let rules = Dictionary(
      settled.map { (FieldReference($0.path.criterion, $0.path.fieldName), $0) },
      uniquingKeysWith: { first, _ in first })
    let wholes = Dictionary(
      settled.compactMap { settled in
        settled.path.field == nil ? settled.path.criterion.map { ($0, settled) } : nil
      }, uniquingKeysWith: { first, _ in first })
    return map { edit in
      var edit = edit
      let extent = edit.change.extent
      let known =
        extent.fields.lazy.compactMap { byField[$0] }.first
        ?? (extent.added + extent.removed).lazy.compactMap { byCriterion[$0] }.first
      if let known { (edit.rationale, edit.evidence) = (known.rationale, known.evidence) }
      let ids = extent.fields.compactMap(\.criterion) + extent.added + extent.removed
      if let settled = extent.fields.lazy.compactMap({ rules[$0] }).first
        ?? ids.lazy.compactMap({ wholes[$0] }).first
      {
        edit.rationale = "settled: \(settled.rule.words)"
        edit.evidence = []
      }
      return edit
    }
  }
}

extension Settlement.Rule {
  /// The rule for a sentence.
  var words: String { name ?? "a value" }
}
