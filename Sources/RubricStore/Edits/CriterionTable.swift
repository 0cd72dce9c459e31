/// The criteria of a rubric by id, so that an edit finds and moves one without a search.
///
/// A rubric is a tree of values; a table is the same tree taken apart, and put together again after
/// the last edit.
struct CriterionTable {
  /// A criterion without its criteria, and where it hangs.
  struct Entry {
    /// The criterion, its own `criteria` empty.
    var fields: Criterion
    var parent: CriterionID?
    var children: [CriterionID]
  }

  /// The deepest that criteria hang between two edits: twice what a rubric may have, since what moves
  /// into its place may still hold what moves out of it later.
  static let depth = 2 * Limits.criterionDepth

  private(set) var top: [CriterionID] = []
  private(set) var entries: [CriterionID: Entry] = [:]

  /// Takes the criteria apart.
  ///
  /// - Throws: ``EditError`` with code ``EditError/Code/duplicateID`` for an id that stands twice.
  init(_ criteria: [Criterion]) throws(EditError) {
    for criterion in criteria {
      top.append(criterion.id)
      try insert(criterion, parent: nil)
    }
  }

  /// The criteria put together.
  func criteria() -> [Criterion] { top.compactMap(assembled) }

  /// One criterion with all that is in it.
  func assembled(_ id: CriterionID) -> Criterion? {
    guard let entry = entries[id] else { return nil }
    var criterion = entry.fields
    criterion.criteria = entry.children.compactMap(assembled)
    return criterion
  }

  /// The ids in a group, or at the top level, in order; none for a group that is not there.
  func children(of parent: CriterionID?) -> [CriterionID] {
    guard let parent else { return top }
    return entries[parent]?.children ?? []
  }

  /// Where a criterion stands; nil where it is not there.
  func place(of id: CriterionID) -> Place? {
    guard let entry = entries[id] else { return nil }
    let siblings = children(of: entry.parent)
    guard let index = siblings.firstIndex(of: id) else { return nil }
    return Place(parent: entry.parent, follows: index == 0 ? nil : siblings[index - 1])
  }

  /// The position of a criterion and of the groups around it among their siblings, outermost first.
  func path(of id: CriterionID) -> [Int] {
    var path: [Int] = []
    var current: CriterionID? = id
    while let here = current, let entry = entries[here] {
      path.append(children(of: entry.parent).firstIndex(of: here) ?? 0)
      current = entry.parent
    }
    return path.reversed()
  }

  /// Whether `id` is `ancestor` or lies in it.
  func isInside(_ id: CriterionID, _ ancestor: CriterionID) -> Bool {
    var current: CriterionID? = id
    while let here = current {
      if here == ancestor { return true }
      current = entries[here]?.parent
    }
    return false
  }

  /// Changes a criterion's own fields; its id stays.
  mutating func update(_ id: CriterionID, _ body: (inout Criterion) -> Void) {
    guard var entry = entries[id] else { return }
    body(&entry.fields)
    entries[id] = entry
  }

  /// Puts the children of a group in another order.
  mutating func setChildren(of parent: CriterionID?, _ order: [CriterionID]) {
    if let parent { entries[parent]?.children = order } else { top = order }
  }

  /// Hangs a criterion, with all that is in it, at a place.
  mutating func add(_ criterion: Criterion, at place: Place) throws(EditError) {
    try hang(criterion.id, at: place, height: criterion.height)
    try insert(criterion, parent: place.parent)
  }

  /// Takes a criterion, with all that is in it, away.
  mutating func remove(_ id: CriterionID) {
    unhang(id)
    forget(id)
  }

  /// Hangs a criterion, with all that is in it, at another place.
  ///
  /// - Complexity: O(siblings + what is in it).
  mutating func move(_ id: CriterionID, to place: Place) throws(EditError) {
    if let parent = place.parent, isInside(parent, id) {
      throw EditError(
        .invalidEdit, criterion: id, field: "parent",
        message: "`\(id)` cannot go into `\(parent)`, which lies inside it")
    }
    unhang(id)
    try hang(id, at: place, height: height(of: id))
    entries[id]?.parent = place.parent
  }

  private mutating func hang(
    _ id: CriterionID, at place: Place, height: Int
  ) throws(EditError) {
    var depth = height
    var current = place.parent
    while let here = current {
      depth += 1
      current = entries[here]?.parent
    }
    guard depth <= Self.depth else {
      throw EditError(
        .invalidEdit, criterion: id, field: "parent",
        message: "criteria would be nested more than \(Self.depth) deep",
        hint: "a rubric has at most \(Limits.criterionDepth) levels")
    }
    if let parent = place.parent, entries[parent] == nil {
      throw EditError(
        .unknownCriterion, criterion: id, field: "parent",
        message: "there is no group `\(parent)` to put `\(id)` in",
        hint: Suggestion.didYouMean(parent.rawValue, among: entries.keys.map(\.rawValue)))
    }
    var siblings = children(of: place.parent)
    var index = 0
    if let follows = place.follows {
      guard let position = siblings.firstIndex(of: follows) else {
        let group = place.parent.map { "in `\($0)`" } ?? "at the top level"
        throw EditError(
          .unknownCriterion, criterion: id, field: "follows",
          message: "there is no `\(follows)` \(group) for `\(id)` to follow")
      }
      index = position + 1
    }
    siblings.insert(id, at: index)
    setChildren(of: place.parent, siblings)
  }

  /// The number of levels that a criterion and what is in it make.
  private func height(of id: CriterionID) -> Int {
    1 + (entries[id]?.children.map(height).max() ?? 0)
  }

  private mutating func unhang(_ id: CriterionID) {
    guard let entry = entries[id] else { return }
    var siblings = children(of: entry.parent)
    siblings.removeAll { $0 == id }
    setChildren(of: entry.parent, siblings)
  }

  private mutating func insert(
    _ criterion: Criterion, parent: CriterionID?
  ) throws(EditError) {
    guard entries[criterion.id] == nil else {
      throw EditError(
        .duplicateID, criterion: criterion.id, field: "id",
        message: "the rubric has a `\(criterion.id)` already",
        hint: "an id is unique in the whole document; choose another")
    }
    var fields = criterion
    fields.criteria = []
    entries[criterion.id] = Entry(
      fields: fields, parent: parent, children: criterion.criteria.map(\.id))
    for child in criterion.criteria { try insert(child, parent: criterion.id) }
  }

  private mutating func forget(_ id: CriterionID) {
    guard let entry = entries.removeValue(forKey: id) else { return }
    for child in entry.children { forget(child) }
  }
}

extension Criterion {
  /// The number of levels that it and what is in it make.
  fileprivate var height: Int { 1 + (criteria.map(\.height).max() ?? 0) }
}
