/// The criteria of a rubric by id, so that an edit finds and moves one without a search.
///
/// A rubric is a tree of values; a table is the same tree taken apart, and put together again after
/// the last edit. Siblings are linked, so that what one edit costs does not depend on how many there
/// are.
struct CriterionTable {
  /// A criterion without its criteria, and the group that it hangs in.
  struct Entry {
    /// The criterion, its own `criteria` empty.
    var fields: Criterion
    var parent: CriterionID?
  }

  /// The criteria that are there, each found by its id.
  struct Entries {
    fileprivate let table: CriterionTable

    var isEmpty: Bool { table.index.isEmpty }
    var keys: Dictionary<CriterionID, Int>.Keys { table.index.keys }

    subscript(id: CriterionID) -> Entry? {
      guard let slot = table.index[id] else { return nil }
      return Entry(fields: table.fields[slot], parent: table.id(at: table.links[slot].parent))
    }
  }

  /// Where a criterion hangs, as slots; 0 is the top level as a parent, and nobody as a sibling or
  /// child.
  private struct Links {
    var parent = 0
    var previous = 0
    var next = 0
    var first = 0
    var last = 0
  }

  /// The deepest that criteria hang between two edits: twice what a rubric may have, since what moves
  /// into its place may still hold what moves out of it later.
  static let depth = 2 * Limits.criterionDepth

  private var index: [CriterionID: Int] = [:]
  /// The criteria by slot, their own `criteria` empty; the slot of what was taken away stays blank.
  private var fields: [Criterion] = [Criterion(id: "")]
  private var links: [Links] = [Links()]

  /// Takes the criteria apart.
  ///
  /// - Throws: ``EditError`` with code ``EditError/Code/duplicateID`` for an id that stands twice.
  init(_ criteria: [Criterion]) throws(EditError) {
    let count = criteria.countOfAll
    index.reserveCapacity(count)
    fields.reserveCapacity(count + 1)
    links.reserveCapacity(count + 1)
    try insert(criteria, in: 0)
  }
}

// MARK: Looking

extension CriterionTable {
  /// The criteria with their groups.
  var entries: Entries { Entries(table: self) }

  /// The ids of the top level, in order.
  var top: [CriterionID] { children(at: 0) }

  /// The last criterion of the top level.
  var last: CriterionID? { id(at: links[0].last) }

  /// Whether there is such a criterion.
  func contains(_ id: CriterionID) -> Bool { index[id] != nil }

  /// A criterion's own fields, its `criteria` empty; nil where it is not there.
  func fields(of id: CriterionID) -> Criterion? { index[id].map { fields[$0] } }

  /// The group that a criterion is in; nil at the top level, and where it is not there.
  func parent(of id: CriterionID) -> CriterionID? {
    index[id].flatMap { self.id(at: links[$0].parent) }
  }

  /// Whether a criterion is there and pinned.
  func isPinned(_ id: CriterionID) -> Bool { index[id].map { fields[$0].pinned } ?? false }

  /// A criterion's weight where it counts; nil where it does not, or is not there.
  func countedWeight(of id: CriterionID) -> Double? {
    index[id].flatMap { fields[$0].countedWeight }
  }

  /// The criteria put together.
  func criteria() -> [Criterion] { assembled(in: 0) }

  /// One criterion with all that is in it.
  func assembled(_ id: CriterionID) -> Criterion? {
    guard let slot = index[id] else { return nil }
    var criterion = fields[slot]
    criterion.criteria = assembled(in: slot)
    return criterion
  }

  /// The ids in a group, or at the top level, in order; none for a group that is not there.
  func children(of parent: CriterionID?) -> [CriterionID] {
    guard let parent else { return top }
    return index[parent].map(children(at:)) ?? []
  }

  /// Whether a criterion is there and is a group.
  func hasChildren(_ id: CriterionID) -> Bool { index[id].map { links[$0].first != 0 } ?? false }

  /// Whether a group, or the top level, holds criteria of the same ids in the same order.
  func children(of parent: CriterionID?, areLike criteria: [Criterion]) -> Bool {
    var group = 0
    if let parent {
      guard let slot = index[parent] else { return criteria.isEmpty }
      group = slot
    }
    var child = links[group].first
    for position in criteria.indices {
      guard child != 0, fields[child].id == criteria[position].id else { return false }
      child = links[child].next
    }
    return child == 0
  }

  /// Where a criterion stands; nil where it is not there.
  func place(of id: CriterionID) -> Place? {
    guard let slot = index[id] else { return nil }
    return Place(
      parent: self.id(at: links[slot].parent), follows: self.id(at: links[slot].previous))
  }

  /// The groups around a criterion, innermost first.
  func ancestors(of id: CriterionID) -> [CriterionID] {
    var result: [CriterionID] = []
    var slot = index[id].map { links[$0].parent } ?? 0
    while slot != 0 {
      result.append(fields[slot].id)
      slot = links[slot].parent
    }
    return result
  }

  /// The positions in `ids`, ordered by where the criteria stand in the document; what is not there
  /// comes first.
  ///
  /// - Complexity: O(siblings of each and of the groups around it), each group looked through once.
  func inDocumentOrder(_ ids: [CriterionID]) -> [Int] {
    var ranks: [Int: Int] = [:]
    func path(to slot: Int) -> [Int] {
      var path: [Int] = []
      var current = slot
      while current != 0 {
        if ranks[current] == nil {
          var sibling = links[links[current].parent].first
          var rank = 0
          while sibling != 0 {
            ranks[sibling] = rank
            rank += 1
            sibling = links[sibling].next
          }
        }
        path.append(ranks[current] ?? 0)
        current = links[current].parent
      }
      return path.reversed()
    }
    let paths = ids.map { path(to: index[$0] ?? 0) }
    return ids.indices.sorted { paths[$0].lexicographicallyPrecedes(paths[$1]) }
  }

  private func id(at slot: Int) -> CriterionID? { slot == 0 ? nil : fields[slot].id }

  private func children(at slot: Int) -> [CriterionID] {
    var ids: [CriterionID] = []
    var child = links[slot].first
    while child != 0 {
      ids.append(fields[child].id)
      child = links[child].next
    }
    return ids
  }

  private func assembled(in slot: Int) -> [Criterion] {
    var criteria: [Criterion] = []
    var child = links[slot].first
    while child != 0 {
      var criterion = fields[child]
      if links[child].first != 0 { criterion.criteria = assembled(in: child) }
      criteria.append(criterion)
      child = links[child].next
    }
    return criteria
  }
}

// MARK: Changing

extension CriterionTable {
  /// Changes a criterion's own fields; its id stays.
  mutating func update(_ id: CriterionID, _ body: (inout Criterion) -> Void) {
    guard let slot = index[id] else { return }
    body(&fields[slot])
  }

  /// Puts the children of a group in another order: the same ones, each once.
  mutating func setChildren(of parent: CriterionID?, _ order: [CriterionID]) {
    var group = 0
    if let parent {
      guard let slot = index[parent] else { return }
      group = slot
    }
    links[group].first = 0
    links[group].last = 0
    for id in order {
      guard let slot = index[id] else { continue }
      link(slot, in: group, after: links[group].last)
    }
  }

  /// Hangs a criterion, with all that is in it, at a place.
  mutating func add(_ criterion: Criterion, at place: Place) throws(EditError) {
    let (parent, previous) = try slots(of: place, for: criterion.id, height: criterion.height)
    try insert(criterion, in: parent, after: previous)
  }

  /// Takes a criterion, with all that is in it, away.
  mutating func remove(_ id: CriterionID) {
    guard let slot = index[id] else { return }
    unlink(slot)
    forget(slot)
  }

  /// Hangs a criterion, with all that is in it, at another place.
  ///
  /// - Complexity: O(depth + what is in it).
  mutating func move(_ id: CriterionID, to place: Place) throws(EditError) {
    guard let slot = index[id] else { return }
    if let parent = place.parent, index[parent].map({ isInside($0, slot) }) ?? false {
      throw EditError(
        .invalidEdit, criterion: id, field: "parent",
        message: "`\(id)` cannot go into `\(parent)`, which lies inside it")
    }
    unlink(slot)
    let (parent, previous) = try slots(of: place, for: id, height: height(of: slot))
    link(slot, in: parent, after: previous)
  }

  /// The group and the sibling before a place, as slots.
  private func slots(
    of place: Place, for id: CriterionID, height: Int
  ) throws(EditError) -> (parent: Int, previous: Int) {
    let parent = place.parent.map { index[$0] ?? 0 } ?? 0
    var depth = height + (place.parent == nil ? 0 : 1)
    var around = links[parent].parent
    while around != 0 {
      depth += 1
      around = links[around].parent
    }
    guard depth <= Self.depth else {
      throw EditError(
        .invalidEdit, criterion: id, field: "parent",
        message: "criteria would be nested more than \(Self.depth) deep",
        hint: "a rubric has at most \(Limits.criterionDepth) levels")
    }
    if let group = place.parent, parent == 0 {
      throw EditError(
        .unknownCriterion, criterion: id, field: "parent",
        message: "there is no group `\(group)` to put `\(id)` in",
        hint: Suggestion.didYouMean(group.rawValue, among: index.keys.map(\.rawValue)))
    }
    guard let follows = place.follows else { return (parent, 0) }
    guard let previous = index[follows], links[previous].parent == parent, isLinked(previous)
    else {
      let group = place.parent.map { "in `\($0)`" } ?? "at the top level"
      throw EditError(
        .unknownCriterion, criterion: id, field: "follows",
        message: "there is no `\(follows)` \(group) for `\(id)` to follow")
    }
    return (parent, previous)
  }

  /// Whether a slot hangs in its group, which what is being moved does not.
  private func isLinked(_ slot: Int) -> Bool {
    let links = links[slot]
    return links.previous != 0 || self.links[links.parent].first == slot
  }

  /// Whether a slot is `ancestor` or lies in it.
  private func isInside(_ slot: Int, _ ancestor: Int) -> Bool {
    var current = slot
    while current != 0 {
      if current == ancestor { return true }
      current = links[current].parent
    }
    return false
  }

  /// The number of levels that a criterion and what is in it make.
  private func height(of slot: Int) -> Int {
    var highest = 0
    var child = links[slot].first
    while child != 0 {
      highest = max(highest, height(of: child))
      child = links[child].next
    }
    return 1 + highest
  }

  private mutating func link(_ slot: Int, in parent: Int, after previous: Int) {
    let next = previous == 0 ? links[parent].first : links[previous].next
    links[slot].parent = parent
    links[slot].previous = previous
    links[slot].next = next
    if previous == 0 { links[parent].first = slot } else { links[previous].next = slot }
    if next == 0 { links[parent].last = slot } else { links[next].previous = slot }
  }

  /// Takes a slot out of its group; it still knows which that was.
  private mutating func unlink(_ slot: Int) {
    let (parent, previous, next) = (links[slot].parent, links[slot].previous, links[slot].next)
    if previous == 0 { links[parent].first = next } else { links[previous].next = next }
    if next == 0 { links[parent].last = previous } else { links[next].previous = previous }
    links[slot].previous = 0
    links[slot].next = 0
  }

  private mutating func insert(_ criteria: [Criterion], in parent: Int) throws(EditError) {
    for position in criteria.indices {
      try insert(criteria[position], in: parent, after: links[parent].last)
    }
  }

  private mutating func insert(
    _ criterion: Criterion, in parent: Int, after previous: Int
  ) throws(EditError) {
    let slot = fields.count
    guard index.updateValue(slot, forKey: criterion.id) == nil else {
      throw EditError(
        .duplicateID, criterion: criterion.id, field: "id",
        message: "the rubric has a `\(criterion.id)` already",
        hint: "an id is unique in the whole document; choose another")
    }
    fields.append(criterion)
    fields[slot].criteria = []
    links.append(Links())
    link(slot, in: parent, after: previous)
    try insert(criterion.criteria, in: slot)
  }

  private mutating func forget(_ slot: Int) {
    index.removeValue(forKey: fields[slot].id)
    fields[slot] = fields[0]
    var child = links[slot].first
    while child != 0 {
      let next = links[child].next
      forget(child)
      child = next
    }
    links[slot] = Links()
  }
}

extension Criterion {
  /// The number of levels that it and what is in it make.
  fileprivate var height: Int { 1 + (criteria.map(\.height).max() ?? 0) }
}

extension [Criterion] {
  /// The number of criteria and groups, those inside others included.
  var countOfAll: Int { indices.reduce(count) { $0 + self[$1].criteria.countOfAll } }
}
