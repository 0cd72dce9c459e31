extension Store {
  /// Returns the commits that made one version of a rubric what it is, field by field.
  ///
  /// A field is attributed to the commit that last gave it its value: the value is there, and none of
  /// the commit's parents has it. Values are compared and not records, so that commits made with git
  /// alone count too; the edit is the one that the commit records, or else the one that leads from
  /// its parent's version to its own. A criterion is followed by its id wherever it hangs. Where a
  /// `split` or `merge_criteria` made it, the fields that it took over are followed into what it was
  /// made of. A version that is not valid is passed over.
  ///
  /// - Parameters:
  ///   - rubric: The rubric; nil for the only one of the commit.
  ///   - revision: The commit whose version is asked about; HEAD if left out.
  ///   - criterion: Only this criterion and those in it; nil for the whole rubric.
  /// - Returns: All fields, also those at their default; ``Blame/Part/notable`` picks those that tell
  ///   something.
  /// - Throws: ``StoreError``, as ``pull(_:at:)`` does, and with code ``StoreError/Code/notFound``
  ///   where the version has no such criterion.
  /// - Complexity: One commit and its tree read for each that is passed, until every field is
  ///   attributed; a rubric parsed where its file changed, each file once in a linear history.
  public func blame(
    _ rubric: RubricID? = nil, at revision: String = "HEAD", criterion: CriterionID? = nil
  ) throws(StoreError) -> Blame {
    try countedBlame(rubric, at: revision, criterion: criterion).blame
  }

  /// The blame, and how many files were read for it.
  package func countedBlame(
    _ rubric: RubricID? = nil, at revision: String = "HEAD", criterion: CriterionID? = nil
  ) throws(StoreError) -> (blame: Blame, reads: Int) {
    let pin = try pull(rubric, at: revision)
    var parts = pin.rubric.blameParts
    if let criterion {
      guard let start = parts.firstIndex(where: { $0.criterion?.id == criterion }) else {
        let names = parts.compactMap { $0.criterion?.id.rawValue }
        throw StoreError(
          .notFound,
          "`\(pin.rubric.id)` has no criterion `\(criterion)` at \(pin.commit.prefix(12))",
          hint: Suggestion.didYouMean(criterion.rawValue, among: names))
      }
      let depth = parts[start].depth
      let inside = parts[(start + 1)...].prefix { $0.depth > depth }
      parts = [parts[start]] + inside
    }
    let trails = parts.map { part in
      let id = part.criterion?.id
      return BlameTrail(
        key: BlameTrail.Key(criterion: id, current: id, origins: []),
        fields: id == nil ? .allOfRubric : .allOfCriterion)
    }
    let version = try BlameVersion(pin.rubric)
    var walk = try inRepository { repository throws(StoreError) in
      let commit = try inGit { () throws(GitError) in try repository.commit(pin.commit) }
      guard let blob = try repository.blob(of: pin.rubric.id, inTree: commit.tree) else {
        throw StoreError(.notFound, "there is no rubric `\(pin.rubric.id)`")
      }
      return BlameWalk(
        pin.rubric.id, from: pin.commit, blob: blob, seconds: commit.committer.seconds,
        version: version, trails: trails)
    }
    // The lock is given up between two commits, so that a long walk does not stop a writer.
    while try inRepository({ repository throws(StoreError) in try walk.step(in: repository) }) {}
    let blame = Blame(
      rubric: pin.rubric.id, commit: pin.commit,
      document: parts.first { $0.criterion == nil }.flatMap { $0.part(walk.answers) },
      criteria: parts.filter { $0.criterion != nil }.compactMap { $0.part(walk.answers) },
      unreadable: walk.unreadable.sorted { $0.key < $1.key }.map {
        Blame.Unreadable(commit: $0.key, problem: $0.value)
      })
    return (blame, walk.versions.reads)
  }
}

/// The rubric (nil), or a criterion, and where it is.
private struct BlamePart {
  var criterion: Criterion?
  var depth: Int
  var place: Place?
  var rubric: Rubric

  /// Puts what was found together; nil where nothing was.
  func part(
    _ answers: [CriterionID?: [(fields: FieldSet, answer: BlameWalk.Answer)]]
  ) -> Blame.Part? {
    let own = answers[criterion?.id] ?? []
    guard let created = own.first(where: { $0.fields.contains(.presence) }) else { return nil }
    let written = criterion?.withoutCriteria.written ?? rubric.withoutCriteria.written
    let children = criterion?.criteria ?? rubric.criteria
    var lines: [Blame.Line] = []
    for field in criterion == nil ? FieldSet.ofRubric : FieldSet.ofCriterion {
      guard let found = own.first(where: { $0.fields.contains(FieldSet(field)) }) else { continue }
      var value = written[field.rawValue]
      switch field {
      case .place: value = place?.written
      case .criteria where !children.isEmpty:
        value = .array(children.map { .string($0.id.rawValue) })
      case .polarity:
        if let criterion, criterion.direction != Direction() { value = criterion.direction.written }
      default: break
      }
      lines.append(
        Blame.Line(
          field: field, value: value, source: found.answer.source, origins: found.answer.origins))
    }
    return Blame.Part(
      criterion: criterion?.id, title: criterion?.title ?? rubric.title, depth: depth,
      created: created.answer.source, lines: lines)
  }
}

extension Rubric {
  /// The rubric and its criteria, groups before what is in them.
  fileprivate var blameParts: [BlamePart] {
    let own = withoutCriteria
    var parts = [BlamePart(criterion: nil, depth: 0, place: nil, rubric: self)]
    func add(_ criteria: [Criterion], in parent: CriterionID?, depth: Int) {
      var follows: CriterionID?
      for criterion in criteria {
        parts.append(
          BlamePart(
            criterion: criterion, depth: depth, place: Place(parent: parent, follows: follows),
            rubric: own))
        follows = criterion.id
        add(criterion.criteria, in: criterion.id, depth: depth + 1)
      }
    }
    add(criteria, in: nil, depth: 0)
    return parts
  }

  fileprivate var withoutCriteria: Rubric {
    var copy = self
    copy.criteria = []
    return copy
  }
}
