/// The work of going from each version of a series to the next.
struct SeriesBuilder {
  let map: SeriesMap
  /// The version before; nil at the beginning.
  var old: Rubric?
  /// Every id that some criterion had.
  var used: Set<CriterionID>

  init(map: SeriesMap, old: Rubric?, used: Set<CriterionID>) {
    self.map = map
    self.old = old
    self.used = used.union((old?.criteria.flattened ?? []).map(\.id))
  }

  mutating func step(_ version: SeriesVersion) throws(SyntaxError) -> Series.Step {
    let before = old?.criteria.flattened ?? []
    let said = try said(of: version, before: before)
    let matching = SeriesMatching(
      before, version.criteria, known: said.pairs + ownIDs(version, before),
      isNew: Set(said.new.keys), isGone: said.gone)
    var ids = [CriterionID?](repeating: nil, count: version.criteria.count)
    for pair in matching.pairs { ids[pair.new] = before[pair.old].id }
    for (index, id) in said.new { ids[index] = id }
    used.formUnion(ids.compactMap { $0 })
    var taken = Set(ids.compactMap { $0 })
    let earlier = Set(before.map(\.id))
    for (index, criterion) in version.criteria.enumerated() where ids[index] == nil {
      let isOwn = version.hasOwnIDs && !earlier.contains(criterion.id)
      let id = fresh(criterion.id, isOwn: isOwn, taken)
      taken.insert(id)
      used.insert(id)
      ids[index] = id
    }
    var rubric = version.rubric(withIDs: ids.compactMap { $0 })
    if let old { rubric = version.keepingUnsaid(rubric, from: old) }
    let findings = rubric.findings
    guard findings.isEmpty else { throw SyntaxError(file: version.name, findings: findings) }
    var edits: [Edit]?
    if let old {
      do throws(EditError) {
        edits = try old.edits(to: rubric)
      } catch {
        throw SyntaxError(
          file: version.name, findings: [Finding(code: .inconsistent, message: error.description)])
      }
    }
    let pairs = Dictionary(
      matching.pairs.map { ($0.new, $0) }, uniquingKeysWith: { first, _ in first })
    let members = version.criteria.indices.compactMap { index in
      ids[index].map { id in
        Series.Member(
          id: id, position: index + 1, title: version.criteria[index].title,
          basis: pairs[index]?.basis, score: pairs[index]?.score ?? 0)
      }
    }
    let kept = Set(matching.pairs.map(\.old))
    let step = Series.Step(
      name: version.name, format: version.format, rubric: rubric, members: members,
      removed: before.indices.filter { !kept.contains($0) }.map { before[$0] }, edits: edits,
      comparability: old?.comparability(to: rubric), notes: version.notes,
      text: version.text(of: rubric))
    old = rubric
    return step
  }

  /// The id where nobody had it, or else with the first number that nobody had.
  private func fresh(
    _ wanted: CriterionID, isOwn: Bool, _ taken: Set<CriterionID>
  ) -> CriterionID {
    // Where the file has ids of its own, one that comes back is the one that went.
    if isOwn ? !taken.contains(wanted) : !used.contains(wanted) { return wanted }
    var number = 2
    while true {
      let suffix = "-\(number)"
      let stem = wanted.rawValue.utf8.prefix(Limits.idBytes - suffix.utf8.count)
      let id = CriterionID(unchecked: String(decoding: stem, as: UTF8.self) + suffix)
      if !used.contains(id), !taken.contains(id) { return id }
      number += 1
    }
  }

  /// Pairs of equal ids, where the file itself has ids.
  private func ownIDs(
    _ version: SeriesVersion, _ before: [Criterion]
  ) -> [SeriesMatching.Pair] {
    guard version.hasOwnIDs else { return [] }
    let places = Dictionary(
      before.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    return version.criteria.enumerated().compactMap { index, criterion in
      places[criterion.id].map {
        SeriesMatching.Pair(old: $0, new: index, basis: .id)
      }
    }
  }

  // MARK: The map

  /// What the map says of a file.
  private struct Said {
    var pairs: [SeriesMatching.Pair] = []
    /// The ids of criteria that are added, by position.
    var new: [Int: CriterionID] = [:]
    var gone: Set<Int> = []
  }

  private func said(
    of version: SeriesVersion, before: [Criterion]
  ) throws(SyntaxError) -> Said {
    guard let file = map.file(version.name) else { return Said() }
    let places = Dictionary(
      before.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    var said = Said()
    var findings: [Finding] = []
    var owners: [Int: CriterionID] = [:]
    for entry in file.entries {
      func report(_ message: String, hint: String? = nil) {
        findings.append(
          Finding(
            code: .invalidValue, mark: entry.mark, path: "\(file.name).\(entry.id)",
            message: message, hint: hint))
      }
      switch position(of: entry.target, in: version) {
      case .failure(let problem): report(problem.message, hint: problem.hint)
      case .success(nil):
        guard let place = places[entry.id] else {
          report(
            "the version before has no `\(entry.id)` that could be gone",
            hint: Suggestion.didYouMean(entry.id.rawValue, among: before.map(\.id.rawValue)))
          continue
        }
        said.gone.insert(place)
      case .success(let index?):
        if let owner = owners[index] {
          report("criterion \(index + 1) has the id `\(owner)` already")
          continue
        }
        owners[index] = entry.id
        if let place = places[entry.id] {
          said.pairs.append(
            SeriesMatching.Pair(old: place, new: index, basis: .map))
        } else if used.contains(entry.id), !version.hasOwnIDs {
          report(
            "`\(entry.id)` was another criterion earlier, and an id is never used again",
            hint: "choose an id that none has had")
        } else {
          said.new[index] = entry.id
        }
      }
    }
    guard findings.isEmpty else { throw SyntaxError(file: map.name, findings: findings) }
    return said
  }

  private struct Problem: Error {
    var message: String
    var hint: String?
  }

  private func position(
    of target: SeriesMap.Target, in version: SeriesVersion
  ) -> Result<Int?, Problem> {
    switch target {
    case .nothing: return .success(nil)
    case .position(let position):
      guard position <= version.criteria.count else {
        return .failure(
          Problem(
            message: "the file has no criterion \(position)",
            hint: "it has \(version.criteria.count)"))
      }
      return .success(position - 1)
    case .title(let title):
      let exact = version.criteria.indices.filter { version.criteria[$0].title.isVerbatim(title) }
      let words = SeriesWords.normalised(title: title)
      let found =
        exact.isEmpty
        ? version.criteria.indices.filter {
          SeriesWords.normalised(title: version.criteria[$0].title) == words
        } : exact
      guard let first = found.first else {
        return .failure(
          Problem(
            message: "the file has no criterion with the title \(NodeReader.quote(title))",
            hint: Suggestion.didYouMean(title, among: version.criteria.map(\.title))))
      }
      guard found.count == 1 else {
        return .failure(
          Problem(
            message: "\(found.count) criteria have the title \(NodeReader.quote(title))",
            hint: "write a position: "
              + Suggestion.list(found.prefix(5).map { "\($0 + 1)" })))
      }
      return .success(first)
    }
  }
}
