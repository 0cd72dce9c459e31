import RubricStore

extension RubricGenerator {
  mutating func structuralChange(
    _ operation: Edit.Operation, of rubric: Rubric
  ) -> Edit.Change? {
    let paths = rubric.paths
    let path = random.pick(paths)
    let leaves = paths.filter { !rubric[$0].isGroup }
    switch operation {
    case .add:
      let item = random.chance(70) ? leaf() : group(of: siblings(depth: 2, count: 2))
      guard let place = anyPlace(in: rubric, height: item.height) else { return nil }
      return .add(PlacedCriterion(item, at: place))
    case .remove: return .remove(PlacedCriterion(rubric[path], at: rubric.place(at: path)))
    case .move:
      var without = rubric
      let item = without.remove(at: path)
      guard let place = anyPlace(in: without, height: item.height) else { return nil }
      return .move(item.id, Delta(before: rubric.place(at: path), after: place))
    case .reorder:
      let groups = [[]] + paths.filter { rubric[$0].isGroup }
      let parent = random.pick(groups)
      let found = rubric.children(at: parent).map(\.id)
      return .reorder(
        parent.isEmpty ? nil : rubric[parent].id,
        Delta(before: found, after: found.shuffled(using: &random)))
    case .split:
      let path = random.pick(leaves)
      var without = rubric
      let before = PlacedCriterion(without.remove(at: path), at: rubric.place(at: path))
      var parts = (0..<2 + random.below(2)).map { _ in leaf() }
      // One part may keep the id.
      if random.chance(40) { parts[0].id = before.criterion.id }
      return .split(before: [before], after: placed(parts, in: without))
    case .mergeCriteria:
      guard leaves.count >= 2 else { return nil }
      let count = 2 + random.below(min(3, leaves.count - 1))
      let chosen = Set(leaves.shuffled(using: &random).prefix(count))
      let before = leaves.filter(chosen.contains).map {
        PlacedCriterion(rubric[$0], at: rubric.place(at: $0))
      }
      var without = rubric
      for path in leaves.reversed() where chosen.contains(path) { _ = without.remove(at: path) }
      var one = leaf()
      if random.chance(40) { one.id = before[0].criterion.id }
      return .mergeCriteria(before: before, after: placed([one], in: without))
    default: return nil
    }
  }

  /// A place in a rubric that may be without criteria, for something of a height.
  private mutating func anyPlace(
    in rubric: Rubric, height: Int, notIn others: [CriterionID] = []
  ) -> Place? {
    let parents =
      [[]]
      + rubric.paths.filter {
        $0.count + height <= Limits.criterionDepth && !others.contains(rubric[$0].id)
      }
    let parent = random.chance(40) ? [] : random.pick(parents)
    let children = rubric.children(at: parent)
    let index = random.below(children.count + 1)
    return Place(
      parent: parent.isEmpty ? nil : rubric[parent].id,
      follows: index == 0 ? nil : children[index - 1].id)
  }

  /// Criteria at random places, each where it is to be once those before it are there.
  private mutating func placed(
    _ items: [Criterion], in rubric: Rubric
  ) -> [PlacedCriterion] {
    var rubric = rubric
    var result: [PlacedCriterion] = []
    for item in items {
      guard let place = anyPlace(in: rubric, height: 1, notIn: items.map(\.id)) else { continue }
      result.append(PlacedCriterion(item, at: place))
      let parent = place.parent.flatMap { rubric.path(of: $0) } ?? []
      rubric.withChildren(at: parent) { siblings in
        let index = siblings.firstIndex { $0.id == place.follows }.map { $0 + 1 } ?? 0
        siblings.insert(item, at: index)
      }
    }
    return result
  }

  mutating func levelChange(_ operation: Edit.Operation, of rubric: Rubric) -> Edit.Change? {
    let fitting = rubric.paths.map { rubric[$0] }.filter { item in
      switch operation {
      case .addLevel: item.scale != .binary
      case .removeExample: item.scale.levels.contains { !$0.examples.isEmpty }
      default: !item.scale.levels.isEmpty
      }
    }
    guard !fitting.isEmpty else { return nil }
    let item = random.pick(fitting)
    let levels = item.scale.levels
    if operation == .addLevel {
      let index = random.below(levels.count + 1)
      let value: Double =
        if case .numeric(let range, _) = item.scale {
          random.pick([range.min, range.max, (range.min + range.max) / 2])
        } else {
          Double(random.below(1_000))
        }
      guard !levels.contains(where: { $0.value == value }) else { return nil }
      return .addLevel(
        item.id,
        PlacedLevel(level(value), follows: index == 0 ? nil : levels[index - 1].value))
    }
    let candidates = levels.indices.filter {
      operation != .removeExample || !levels[$0].examples.isEmpty
    }
    let index = random.pick(candidates)
    let found = levels[index]
    let examples = found.examples
    switch operation {
    case .removeLevel:
      return .removeLevel(
        item.id, PlacedLevel(found, follows: index == 0 ? nil : levels[index - 1].value))
    case .editLevel:
      return .editLevel(item.id, Delta(before: found, after: level(found.value)))
    case .addExample:
      let at = random.below(examples.count + 1)
      let text = words()
      guard !examples.contains(where: { $0.isVerbatim(text) }) else { return nil }
      return .addExample(
        item.id,
        PlacedExample(level: found.value, text: text, follows: at == 0 ? nil : examples[at - 1]))
    default:
      let at = random.below(examples.count)
      return .removeExample(
        item.id,
        PlacedExample(
          level: found.value, text: examples[at], follows: at == 0 ? nil : examples[at - 1]))
    }
  }

  /// A rubric, an edit of the kind that can be made on it, and what it leads to.
  mutating func edited(
    by operation: Edit.Operation, from start: Rubric? = nil
  ) throws(EditError) -> (rubric: Rubric, edit: Edit, result: Rubric)? {
    for _ in 0..<20 {
      let rubric = start ?? rubric()
      guard let change = change(operation, of: rubric) else { continue }
      let edit = Edit(change, rationale: prose(), evidence: distinct(2) { $0.words() })
      do throws(EditError) {
        return (rubric, edit, try rubric.applying([edit]))
      } catch {
        // What the change says of the rubric is right, so only the result may be wrong.
        guard error.code == .invalidResult else { throw error }
      }
    }
    return nil
  }
}
