/// The way back from one version to the commits that made its fields.
///
/// Each field goes its own way: to the first parent that has the same value, and no further than a
/// commit none of whose parents has it.
struct BlameWalk {
  private struct Pending {
    var blob: ObjectID
    var trails: BlameTrails
  }

  /// A parent that has a version of the rubric.
  private struct Parent {
    var id: ObjectID
    var seconds: Int64
    var blob: ObjectID
  }

  /// What was found of one field.
  struct Answer {
    var source: Blame.Source
    var origins: [Blame.Origin]
  }

  let rubric: RubricID
  private var queue = TimeQueue<ObjectID>()
  private var pending: [ObjectID: Pending] = [:]
  private(set) var versions: BlameVersions
  private(set) var answers: [CriterionID?: [(fields: FieldSet, answer: Answer)]] = [:]
  private(set) var unreadable: [ObjectID: String] = [:]

  init(
    _ rubric: RubricID, from commit: ObjectID, blob: ObjectID, seconds: Int64,
    version: BlameVersion, trails: [BlameTrail]
  ) {
    self.rubric = rubric
    versions = BlameVersions(blob, version)
    push(trails, to: Parent(id: commit, seconds: seconds, blob: blob))
  }

  private mutating func push(_ trails: [BlameTrail], to parent: Parent) {
    guard !trails.isEmpty else { return }
    if pending[parent.id]?.trails.join(trails) == nil {
      pending[parent.id] = Pending(blob: parent.blob, trails: BlameTrails(trails))
      queue.push(parent.id, at: parent.seconds)
    }
  }

  /// Goes on by one commit; returns false at the end.
  mutating func step(in repository: borrowing GitRepository) throws(StoreError) -> Bool {
    guard let id = queue.pop() else { return false }
    guard let here = pending.removeValue(forKey: id) else { return true }
    let commit = try inGit { () throws(GitError) in try repository.commit(id) }
    let (parents, lacksParent) = try parents(of: commit, in: repository)
    var isCut = lacksParent
    // A file that is the same needs no reading.
    if let same = parents.first(where: { $0.blob == here.blob }) {
      push(here.trails.trails, to: same)
      return true
    }
    guard let version = try version(here.blob, at: id, in: repository) else {
      throw StoreError(
        .invalidDocument, "the rubric `\(rubric)` at \(id.prefix(12)) is not valid")
    }
    var left = here.trails.trails
    // The parents that were looked at, those whose version is not valid replaced by their own.
    var readable: [Parent] = []
    var seen: Set<ObjectID> = []
    var waiting = Array(parents.reversed())
    while !left.isEmpty, let parent = waiting.popLast() {
      guard seen.insert(parent.id).inserted else { continue }
      guard let old = try self.version(parent.blob, at: parent.id, in: repository) else {
        let broken = try inGit { () throws(GitError) in try repository.commit(parent.id) }
        let further = try self.parents(of: broken, in: repository)
        waiting += further.parents.reversed()
        isCut = isCut || further.isCut
        continue
      }
      readable.append(parent)
      let comparison = BlameComparison(new: version, old: old)
      push(
        Self.take(from: &left) { comparison.same($0.fields, of: $0.key.current) }, to: parent)
    }
    guard !left.isEmpty else { return true }
    let edits = record(of: commit)
    try passOn(&left, at: commit, version, readable, edits, in: repository)
    guard !left.isEmpty else { return true }
    var base: BlameVersion?
    if let first = readable.first {
      base = try self.version(first.blob, at: first.id, in: repository)
    }
    answer(left, at: commit, version, base: base, edits, isCut: isCut)
    return true
  }

  /// Splits trails: what `same` names of each goes, the rest stays.
  private static func take(
    from trails: inout [BlameTrail], _ same: (BlameTrail) -> FieldSet
  ) -> [BlameTrail] {
    var taken: [BlameTrail] = []
    var left: [BlameTrail] = []
    for trail in trails {
      let fields = same(trail).intersection(trail.fields)
      if !fields.isEmpty { taken.append(BlameTrail(key: trail.key, fields: fields)) }
      let rest = trail.fields.subtracting(fields)
      if !rest.isEmpty { left.append(BlameTrail(key: trail.key, fields: rest)) }
    }
    trails = left
    return taken
  }

  /// Lets the fields of a criterion that was split off, or merged, go on in what it was made of.
  private mutating func passOn(
    _ left: inout [BlameTrail], at commit: CommitRecord, _ version: BlameVersion,
    _ parents: [Parent], _ edits: BlameEdits?, in repository: borrowing GitRepository
  ) throws(StoreError) {
    guard let edits else { return }
    for parent in parents {
      guard let old = try self.version(parent.blob, at: parent.id, in: repository) else { continue }
      let comparison = BlameComparison(new: version, old: old)
      var passed: [BlameTrail] = []
      for index in left.indices {
        guard let current = left[index].key.current, !old.has(current),
          let made = edits.sources(of: current)
        else { continue }
        for source in made.ids where source != current {
          let fields = comparison.same(left[index].fields, of: current, from: source)
          guard !fields.isEmpty else { continue }
          var key = left[index].key
          key.current = source
          key.origins.append(
            Blame.Origin(criterion: source, operation: made.operation, commit: commit.id))
          passed.append(BlameTrail(key: key, fields: fields))
          left[index].fields.subtract(fields)
        }
      }
      push(passed, to: parent)
    }
    left.removeAll { $0.fields.isEmpty }
  }
}

extension BlameWalk {
  /// The parents that have the rubric, and whether a shallow clone lacks one.
  private func parents(
    of commit: CommitRecord, in repository: borrowing GitRepository
  ) throws(StoreError) -> (parents: [Parent], isCut: Bool) {
    var parents: [Parent] = []
    var isCut = false
    for id in commit.parents {
      let parent: CommitRecord
      do throws(GitError) {
        parent = try repository.commit(id)
      } catch {
        guard repository.isShallow, error.code == .notFound else { throw StoreError(error) }
        isCut = true
        continue
      }
      guard let blob = try repository.blob(of: rubric, inTree: parent.tree) else { continue }
      parents.append(Parent(id: id, seconds: parent.committer.seconds, blob: blob))
    }
    return (parents, isCut)
  }

  private mutating func version(
    _ blob: ObjectID, at commit: ObjectID, in repository: borrowing GitRepository
  ) throws(StoreError) -> BlameVersion? {
    var problem: String?
    let version = try versions.version(blob, of: rubric, at: commit, in: repository) {
      problem = $0
    }
    if let problem, unreadable[commit] == nil { unreadable[commit] = problem }
    return version
  }

  private func recordedChange(of commit: CommitRecord) -> RecordedChange? {
    (try? CommitMessage.records(commit.message))?.first { $0.rubric == rubric }
  }

  /// The edits that a commit records for the rubric; nil where it records none.
  private func record(of commit: CommitRecord) -> BlameEdits? {
    guard let record = recordedChange(of: commit) else { return nil }
    return BlameEdits(record.edits, isRecorded: true)
  }

  /// Attributes what no parent has.
  private mutating func answer(
    _ trails: [BlameTrail], at commit: CommitRecord, _ version: BlameVersion, base: BlameVersion?,
    _ recorded: BlameEdits?, isCut: Bool
  ) {
    let record = recordedChange(of: commit)
    let isOwn = record != nil
    var worked: BlameEdits?
    let plain = Blame.Source(
      commit: commit.id,
      author: Identity(commit.author), subject: commit.subject,
      kind: base == nil && !isCut ? .created : (isOwn ? record?.kind : nil) ?? .edited,
      proposer: (isOwn ? record?.proposer : nil) ?? MetaUpdate.Proposer(), edit: nil,
      isRecorded: isOwn, isBoundary: false)
    func source(_ id: CriterionID?, _ field: FieldName?) -> Blame.Source {
      var source = plain
      let parent = id.flatMap { version.table.entries[$0]?.parent }
      source.edit = recorded?.edit(of: id, field, parent: parent)
      if source.edit != nil { return source }
      guard let base else {
        source.isBoundary = isCut && source.kind != .created
        return source
      }
      // What the record does not tell, or there is none.
      let edits =
        worked
        ?? BlameEdits((try? base.rubric.edits(to: version.rubric)) ?? [], isRecorded: false)
      worked = edits
      source.edit = edits.edit(of: id, field, parent: parent)
      source.isRecorded = false
      if source.kind == .created { source.kind = .edited }
      return source
    }
    for trail in trails {
      var byEdit: [(fields: FieldSet, answer: Answer)] = []
      for field in trail.fields.names {
        byEdit.append(
          (
            FieldSet(field),
            Answer(source: source(trail.key.current, field), origins: trail.key.origins)
          ))
      }
      if trail.fields.contains(.presence) {
        byEdit.append(
          (.presence, Answer(source: source(trail.key.current, nil), origins: trail.key.origins)))
      }
      answers[trail.key.criterion, default: []] += byEdit
    }
  }
}
