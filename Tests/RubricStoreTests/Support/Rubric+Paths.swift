import RubricStore

/// Where a criterion stands in a rubric's tree: the position at each depth, none for the rubric.
typealias TreePath = [Int]

extension Rubric {
  /// The paths of all criteria, parents first.
  var paths: [TreePath] { criteria.paths }

  /// The criteria in a group, or at the top level for the empty path.
  func children(at path: TreePath) -> [Criterion] {
    path.isEmpty ? criteria : self[path].criteria
  }

  /// Changes the criteria in a group, or at the top level for the empty path.
  mutating func withChildren(at path: TreePath, _ body: (inout [Criterion]) -> Void) {
    if path.isEmpty { body(&criteria) } else { body(&self[path].criteria) }
  }

  /// The criterion at a path, which is not empty.
  subscript(path: TreePath) -> Criterion {
    get {
      path.dropFirst().reduce(criteria[path[0]]) { $0.criteria[$1] }
    }
    set { criteria.replace(at: path[...], with: newValue) }
  }

  /// Takes a criterion out.
  mutating func remove(at path: TreePath) -> Criterion {
    let removed = self[path]
    withChildren(at: path.dropLast()) { $0.remove(at: path[path.count - 1]) }
    return removed
  }

  /// The path of a criterion.
  func path(of id: CriterionID) -> TreePath? { paths.first { self[$0].id == id } }

  /// The criterion of an id.
  func criterion(_ id: CriterionID) -> Criterion? { path(of: id).map { self[$0] } }

  /// The ids of the groups around a criterion, the outermost first.
  func groups(around id: CriterionID) -> [CriterionID]? {
    path(of: id).map { path in (1..<path.count).map { self[Array(path.prefix($0))].id } }
  }

  /// The place of the criterion at a path, as an edit names it.
  func place(at path: TreePath) -> Place {
    let parent = TreePath(path.dropLast())
    let index = path[path.count - 1]
    return Place(
      parent: parent.isEmpty ? nil : self[parent].id,
      follows: index == 0 ? nil : children(at: parent)[index - 1].id)
  }
}

extension [Criterion] {
  fileprivate var paths: [TreePath] {
    indices.flatMap { index in [[index]] + self[index].criteria.paths.map { [index] + $0 } }
  }

  fileprivate mutating func replace(at path: ArraySlice<Int>, with item: Criterion) {
    guard let index = path.first else { return }
    if path.count == 1 {
      self[index] = item
    } else {
      self[index].criteria.replace(at: path.dropFirst(), with: item)
    }
  }
}
