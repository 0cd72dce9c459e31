extension EditDraft {
  /// The draft with what it left out taken from the rubric as it is.
  ///
  /// `before` is what the rubric holds; an added criterion without a place comes last; the parts of a
  /// split stand where the split criterion stood. What is written down stays as it is.
  func completed(on editing: Editing) -> EditDraft {
    var draft = self
    switch operation {
    case .add: draft.after = placed(after, at: editing.table.end)
    case .split:
      if let target, before == nil { draft.before = node([editing.placed(target)]) }
      draft.after = parts(of: target, on: editing)
    case .mergeCriteria:
      let ids = Self.ids(before)
      if let ids { draft.before = node(ids.map(editing.placed)) }
      if let place = ids.flatMap({ editing.table.place(ofMerged: $0) }),
        case .sequence(let items, let isFlow)? = after?.content
      {
        draft.after?.content = .sequence(
          items.map { placed($0, at: place) ?? $0 }, isFlow: isFlow)
      }
    default:
      guard before == nil, let value = found(on: editing) else { return draft }
      draft.before = Node(value, at: node.start)
    }
    return draft
  }

  /// The criterion that the edit is about, where the rubric does not have it and should.
  func unknownTarget(on editing: Editing) -> CriterionID? {
    guard let target, before == nil, operation != .add, operation != .mergeCriteria,
      !editing.table.contains(target)
    else { return nil }
    return target
  }

  /// What the rubric holds where the edit goes; nil where that cannot be told, which is reported
  /// when the edit is made.
  private func found(on editing: Editing) -> JSONValue? {
    guard let form = Edit.forms[operation], form.before != nil else { return nil }
    let rubric = editing.rubric
    guard let target else {
      switch operation {
      case .reorder: return editing.table.children(of: nil).written
      case .rename: return rubric.title.written
      case .setExt: return rubric.ext.written
      case .setAggregation: return rubric.aggregation.written
      case .setJudge: return rubric.judge.written
      case .setPreamble: return rubric.preamble.written
      case .setPostamble: return rubric.postamble.written
      case .setDescription: return rubric.description.written
      case .setSubject: return rubric.subject.written
      case .setBudget: return rubric.budget.written
      default: return nil
      }
    }
    guard let item = editing.table.fields(of: target) else { return nil }
    switch operation {
    case .remove: return editing.placed(target)
    case .move: return editing.table.place(of: target)?.written
    case .reorder: return editing.table.children(of: target).written
    case .rename: return item.title.written
    case .reweight: return item.weight.written
    case .rescale: return item.scale.written
    case .setGate, .clearGate: return item.gate.written
    case .setPolarity: return item.direction.written
    case .setRollup: return item.rollup.written
    case .tighten, .relax: return strictness(of: item).written
    case .reword:
      return Wording(
        text: after?["text"] == nil ? "" : item.text,
        lowerWhen: after?["lower_when"] == nil ? [] : item.lowerWhen
      ).written
    case .editLevel:
      guard case .scalar(let text, _)? = after?["value"]?.content,
        case .value(let value) = DecimalNumber.parse(text)
      else { return nil }
      return item.scale.levels.first { $0.value == value }?.written
    case .activate, .deactivate: return item.status.written
    case .retag: return item.tags.written
    case .setApplicability: return item.appliesWhen.written
    case .setOrigin: return item.origin.written
    case .setExt: return item.ext.written
    default: return nil
    }
  }

  /// Of how strictly the criterion is graded, the parts that the edit names.
  private func strictness(of item: Criterion) -> Strictness {
    var found = Strictness()
    if after?["lower_when"] != nil { found.lowerWhen = item.lowerWhen }
    if after?["gate"] != nil { found.gate = item.gate }
    guard case .sequence(let levels, _)? = after?["levels"]?.content else { return found }
    for level in levels {
      guard case .scalar(let text, _)? = level["value"]?.content,
        case .value(let value) = DecimalNumber.parse(text),
        let here = item.scale.levels.first(where: { $0.value == value })
      else { continue }
      found.levels.append(Strictness.LevelText(value: value, text: here.text))
    }
    return found
  }

  private func parts(of target: CriterionID?, on editing: Editing) -> Node? {
    guard let target, var place = editing.table.place(of: target),
      case .sequence(let items, let isFlow)? = after?.content
    else { return after }
    var result = after
    result?.content = .sequence(
      items.map { item in
        let part = placed(item, at: place) ?? item
        if case .scalar(let id, _)? = item["criterion"]?["id"]?.content {
          place.follows = CriterionID(unchecked: id)
        }
        return part
      }, isFlow: isFlow)
    return result
  }

  /// A placed criterion that has no place of its own, put at `place`.
  private func placed(_ node: Node?, at place: Place) -> Node? {
    guard var node, case .mapping(var entries, let isFlow) = node.content,
      !entries.contains(where: { $0.name == "place" })
    else { return node }
    entries.append(
      Node.Entry(
        key: Node("place", at: node.start), value: Node(place.written, at: node.start),
        name: "place"))
    node.content = .mapping(entries, isFlow: isFlow)
    return node
  }

  private func node(_ found: [JSONValue?]) -> Node? {
    let values = found.compactMap { $0 }
    return values.count == found.count ? Node(.array(values), at: node.start) : nil
  }

  /// The ids of a list that names criteria only.
  private static func ids(_ node: Node?) -> [CriterionID]? {
    guard case .sequence(let items, _)? = node?.content else { return nil }
    let ids = items.compactMap { item -> CriterionID? in
      guard case .scalar(let text, _) = item.content else { return nil }
      return CriterionID(unchecked: text)
    }
    return ids.count == items.count ? ids : nil
  }
}

extension Editing {
  fileprivate func placed(_ id: CriterionID) -> JSONValue? {
    guard let criterion = table.assembled(id), let place = table.place(of: id) else { return nil }
    return PlacedCriterion(criterion, at: place).written
  }
}

extension CriterionTable {
  /// The place after the last criterion of the top level.
  var end: Place { Place(parent: nil, follows: last) }

  /// Where one criterion stands that takes the place of several: that of the first, after a sibling
  /// that stays.
  func place(ofMerged ids: [CriterionID]) -> Place? {
    guard let first = ids.first, var place = place(of: first) else { return nil }
    let merged = Set(ids)
    while let follows = place.follows, merged.contains(follows) {
      place.follows = self.place(of: follows)?.follows
    }
    return place
  }
}
