import RubricStore

extension RubricGenerator {
  /// Another valid version of a rubric, by one to six changes of any kind.
  mutating func mutant(of rubric: Rubric) -> Rubric {
    var other = rubric
    for _ in 0...random.below(6) { mutateOnce(&other) }
    other.mend()
    return other
  }

  private mutating func mutateOnce(_ rubric: inout Rubric) {
    let paths = rubric.paths
    guard !paths.isEmpty else {
      rubric.criteria = [leaf()]
      return
    }
    let path = random.pick(paths)
    switch random.below(12) {
    case 0: change(random.pick(RubricField.allCases), of: &rubric)
    case 1...3: change(random.pick(CriterionField.allCases), of: &rubric[path])
    case 4: changeLevels(of: &rubric[path])
    case 5: insert(random.chance(70) ? leaf() : group(of: [leaf(), leaf()]), into: &rubric)
    case 6: _ = rubric.remove(at: path)
    case 7, 8: insert(rubric.remove(at: path), into: &rubric)
    case 9:
      let siblings = TreePath(path.dropLast())
      rubric.withChildren(at: siblings) { $0.shuffle(using: &random) }
    case 10: wrap(at: path, in: &rubric)
    default: unwrap(at: path, in: &rubric)
    }
  }

  /// Puts a criterion anywhere, also into one that was judged and so becomes a group.
  mutating func insert(_ item: Criterion, into rubric: inout Rubric) {
    let height = item.height
    let parents = [[]] + rubric.paths.filter { $0.count + height <= Limits.criterionDepth }
    let parent = random.chance(30) ? [] : random.pick(parents)
    rubric.withChildren(at: parent) { $0.insert(item, at: random.below($0.count + 1)) }
  }

  private mutating func changeLevels(of item: inout Criterion) {
    var levels = item.scale.levels
    guard !levels.isEmpty else {
      item.scale = scale()
      return
    }
    let index = random.below(levels.count)
    switch random.below(5) {
    case 0 where levels.count > 2: levels.remove(at: index)
    case 1:
      if case .levels = item.scale {
        let value = Double(100 + random.below(900))
        if !levels.contains(where: { $0.value == value }) {
          levels.insert(level(value), at: index)
        }
      }
    case 2: levels[index] = level(levels[index].value)
    case 3: levels[index].examples = distinct(4) { $0.words() }
    default: levels.shuffle(using: &random)
    }
    item.scale = item.scale.with(levels: levels)
  }

  /// Puts a run of siblings into a new group.
  private mutating func wrap(at path: TreePath, in rubric: inout Rubric) {
    let first = path[path.count - 1]
    let parent = TreePath(path.dropLast())
    let count = 1 + random.below(rubric.children(at: parent).count - first)
    let run = rubric.children(at: parent)[first..<first + count]
    guard path.count + (run.map(\.height).max() ?? 0) <= Limits.criterionDepth else { return }
    let wrapped = group(of: Array(run))
    rubric.withChildren(at: parent) { siblings in
      siblings.replaceSubrange(first..<first + count, with: [wrapped])
    }
  }

  /// Puts a group's criteria in its place; sometimes the group goes into one of them.
  private mutating func unwrap(at path: TreePath, in rubric: inout Rubric) {
    var group = rubric.remove(at: path)
    var items = group.criteria
    let deepest = path.count + (items.map(\.height).max() ?? 0)
    if !items.isEmpty, deepest < Limits.criterionDepth, random.chance(30) {
      group.criteria = []
      items[0].criteria.append(group)
    }
    rubric.withChildren(at: path.dropLast()) {
      $0.insert(contentsOf: items, at: path[path.count - 1])
    }
  }
}

extension Criterion {
  /// The depth of the deepest criterion in it, itself at 1.
  var height: Int { 1 + (criteria.map(\.height).max() ?? 0) }
}
