/// What a merge of two commits makes of their rubrics, before anything is written.
struct MergePlan {
  /// What becomes of one rubric's file.
  enum Outcome {
    /// The file as a commit has it; nil where it has none.
    case blob(ObjectID?)
    /// A new file.
    case text([UInt8])
  }

  let ours: ObjectID
  let theirs: ObjectID
  let base: MergeBase
  private(set) var rubrics: [RubricMerge] = []
  private(set) var outcomes: [RubricID: Outcome] = [:]
  /// Our side's rubrics, against which edits are recorded.
  private(set) var ourRubrics: [RubricID: Rubric] = [:]
  /// What their side did, to carry rationales.
  private(set) var theirCauses: [RubricID: [MergeConflict.Cause]] = [:]
  private var ourCauses: [RubricID: [MergeConflict.Cause]] = [:]
  private var hasCauses = false
  private var unused: [String: Int] = [:]

  /// Merges every rubric that either side has changed.
  ///
  /// A settlement of one of the `required` places, all where there are none, is to be needed.
  init(
    _ repository: borrowing GitRepository, ours: ObjectID, theirs: ObjectID,
    settlements: Settlements, required: Set<String>? = nil
  ) throws(StoreError) {
    self.ours = ours
    self.theirs = theirs
    base = try MergeBase(repository, ours, theirs)
    let left = try repository.rubricBlobs(at: ours)
    let right = try repository.rubricBlobs(at: theirs)
    let ids = Set(left.keys).union(right.keys).sorted()
    var merged = 0
    for id in ids {
      // What both have is settled whatever the base.
      guard left[id] != right[id] else {
        outcomes[id] = .blob(left[id])
        continue
      }
      merged += 1
      try merge(id, left[id], right[id], settlements, repository)
    }
    let never = settlements.places.map(\.place).filter {
      (unused[$0] ?? 0) == merged && required?.contains($0) ?? true
    }
    if let place = never.first {
      let known = rubrics.flatMap(\.conflicts).map { "\($0.path)" }
      throw StoreError(
        .nothingToSettle, "there is nothing to settle at `\(place)`",
        hint: Suggestion.didYouMean(
          place, among: known + rubrics.flatMap(\.conflicts).map(\.path.short))
          ?? (known.isEmpty
            ? "there are no conflicts"
            : "the conflicts are at \(Suggestion.list(Array(known.prefix(10)), conjunction: "and"))")
      )
    }
  }

  private mutating func merge(
    _ id: RubricID, _ left: ObjectID?, _ right: ObjectID?, _ settlements: Settlements,
    _ repository: borrowing GitRepository
  ) throws(StoreError) {
    let common = try base.blob(of: id, repository)
    let old = try base.rubric(id, repository)
    func change(_ blob: ObjectID?) -> RubricMerge.SideChange {
      switch blob {
      case nil: old == nil ? .unchanged : .removed
      case let blob?: old == nil ? .created : blob == common ? .unchanged : .edited
      }
    }
    var report = RubricMerge(
      rubric: id, ourChange: change(left), theirChange: change(right))
    let ourSide = try side(left, of: id, at: ours, repository)
    let theirSide = try side(right, of: id, at: theirs, repository)
    if let conflict = Self.schemaConflict(id, ourSide, theirSide) {
      report.conflicts = [conflict]
      rubrics.append(report)
      for place in Set(settlements.places.map(\.place)) { unused[place, default: 0] += 1 }
      return
    }
    try readCauses(repository)
    ourRubrics[id] = ourSide?.rubric
    report.ourEdits = Self.edits(old, ourSide).carrying(ourCauses[id] ?? [])
    report.theirEdits = Self.edits(old, theirSide).carrying(theirCauses[id] ?? [])
    switch (ourSide?.rubric, theirSide?.rubric) {
    case (let mine?, let other?):
      let result: MergeResult
      do throws(MergeError) {
        result = try Rubric.merge(
          base: old, ours: MergeSide(mine, history: ourCauses[id] ?? []),
          theirs: MergeSide(other, history: theirCauses[id] ?? []), settlements: settlements)
      } catch {
        throw StoreError(error)
      }
      for place in Set(result.unusedSettlements) { unused[place, default: 0] += 1 }
      report.result = result.rubric
      report.conflicts = result.conflicts
      report.settled = result.settled
      report.notes = result.notes
      if result.isClean {
        report.sinceOurs = mine.comparability(to: result.rubric)
        report.sinceTheirs = other.comparability(to: result.rubric)
        outcomes[id] = try outcome(
          result.rubric, left, right, ourSide, theirSide, isOursOld: left == common)
      }
    default:
      try mergePresence(&report, ourSide, theirSide, left, right, settlements)
    }
    rubrics.append(report)
  }

  /// A file with the merged rubric: one that is there already, or ours with the changes made in it.
  private func outcome(
    _ result: Rubric, _ left: ObjectID?, _ right: ObjectID?, _ ourSide: Side?, _ theirSide: Side?,
    isOursOld: Bool
  ) throws(StoreError) -> Outcome {
    guard let ourSide, let mine = ourSide.rubric, let source = ourSide.source else {
      return .blob(right)
    }
    // Where only one side wrote the file anew, its layout is the later one.
    if result == mine { return .blob(result == theirSide?.rubric && isOursOld ? right : left) }
    if result == theirSide?.rubric,
      isOursOld || String(decoding: ourSide.bytes, as: UTF8.self).isVerbatim(mine.canonicalText)
    {
      return .blob(right)
    }
    // Ours has comments or a layout of its own, which stay.
    return .text(try Rubric.rewritten(ourSide.bytes, source, as: result))
  }

  /// One side has the rubric, the other has not.
  private mutating func mergePresence(
    _ report: inout RubricMerge, _ ourSide: Side?, _ theirSide: Side?, _ left: ObjectID?,
    _ right: ObjectID?, _ settlements: Settlements
  ) throws(StoreError) {
    let id = report.rubric
    let isOurs = ourSide != nil
    let kept = isOurs ? left : right
    let rubric = (isOurs ? ourSide : theirSide)?.rubric
    let isChanged = (isOurs ? report.ourChange : report.theirChange) != .unchanged
    let isNew = report.ourChange == .created || report.theirChange == .created
    var used: String?
    defer {
      for place in Set(settlements.places.map(\.place)) where place != used {
        unused[place, default: 0] += 1
      }
    }
    if isNew {
      report.result = rubric
      outcomes[id] = .blob(kept)
      return
    }
    guard isChanged else {
      outcomes[id] = .blob(nil)
      return
    }
    let conflict = MergeConflict(
      code: .changedAndRemoved, path: MergePath(id), base: nil,
      ours: isOurs ? rubric?.json : nil, theirs: isOurs ? nil : rubric?.json,
      message: isOurs
        ? "our side changed the rubric `\(id)`, and their side removed it"
        : "their side changed the rubric `\(id)`, and our side removed it",
      rules: [.ours, .theirs], takesValue: false)
    let named = settlements.places.last { $0.place == id.rawValue }
    used = named?.place
    let fitting = ((named?.rule).map { [$0] } ?? settlements.all).first {
      conflict.rules.contains($0)
    }
    guard let rule = fitting else {
      if let named {
        throw StoreError(
          .unfitSettlement, "\(named.rule.words) cannot settle `\(id)`: \(conflict.message)",
          hint: "it takes ours or theirs")
      }
      report.conflicts = [conflict]
      return
    }
    let isKept = (rule == .ours) == isOurs
    report.result = isKept ? rubric : nil
    report.settled = [
      SettledConflict(
        path: conflict.path, code: conflict.code, rule: rule, base: nil, ours: conflict.ours,
        theirs: conflict.theirs, result: isKept ? rubric?.json : nil)
    ]
    outcomes[id] = .blob(isKept ? kept : nil)
  }

  private mutating func readCauses(_ repository: borrowing GitRepository) throws(StoreError) {
    guard !hasCauses else { return }
    hasCauses = true
    ourCauses = try repository.causes(from: ours, notFrom: theirs)
    theirCauses = try repository.causes(from: theirs, notFrom: ours)
  }

  private static func edits(_ old: Rubric?, _ side: Side?) -> [Edit] {
    guard let old, let new = side?.rubric else { return [] }
    return (try? old.edits(to: new)) ?? []
  }
}

extension MergePlan {
  /// One side's file.
  struct Side {
    var bytes: [UInt8]
    var source: Rubric.Source?
    /// The schema that the file names, where it is not one that this program reads.
    var schema: String?

    var rubric: Rubric? { source?.rubric }
  }

  private func side(
    _ blob: ObjectID?, of id: RubricID, at commit: ObjectID, _ repository: borrowing GitRepository
  ) throws(StoreError) -> Side? {
    guard let blob else { return nil }
    do throws(StoreError) {
      let (bytes, source) = try repository.source(blob, of: id, at: commit)
      return Side(bytes: bytes, source: source)
    } catch {
      guard error.code == .invalidDocument else { throw error }
      let bytes = try inGit { () throws(GitError) in
        try repository.readBlob(blob, limit: Limits.textBytes)
      }
      guard let schema = Rubric.foreignSchema(of: bytes) else { throw error }
      return Side(bytes: bytes, schema: schema)
    }
  }

  private static func schemaConflict(
    _ id: RubricID, _ ours: Side?, _ theirs: Side?
  ) -> MergeConflict? {
    guard ours?.schema != nil || theirs?.schema != nil else { return nil }
    func word(_ side: Side?) -> JSONValue? {
      side.map { .string($0.schema ?? Rubric.schema) }
    }
    return MergeConflict(
      code: .schemaDiffers, path: MergePath(id, nil, "schema"), base: nil, ours: word(ours),
      theirs: word(theirs),
      message: "`\(id)` is written in \(ours?.schema ?? Rubric.schema) on our side and in "
        + "\(theirs?.schema ?? Rubric.schema) on theirs, and this program reads \(Rubric.schema)",
      rules: [], takesValue: false)
  }
}

extension Rubric {
  /// The schema that a document names, if it is not the one that this library reads.
  static func foreignSchema(of text: [UInt8]) -> String? {
    let (root, _) = DocumentReader.read(text)
    guard case .mapping(let entries, _)? = root?.content,
      let entry = entries.first(where: { $0.name == "schema" }), let word = entry.value.text,
      !word.isVerbatim(Rubric.schema)
    else { return nil }
    return word
  }
}

extension GitRepository {
  fileprivate borrowing func rubricBlobs(
    at commit: ObjectID
  ) throws(StoreError) -> [RubricID: ObjectID] {
    let tree = try inGit { () throws(GitError) in try self.commit(commit).tree }
    return Dictionary(uniqueKeysWithValues: try rubrics(inTree: tree).map { ($0.id, $0.blob) })
  }
}
