internal import RubricStore

extension EditMerging {
  /// Wordings that may mean the same.
  struct Group: Sendable {
    /// Indices in ``EditMerging/atoms``.
    var members: [Int]
    /// What the rubric says already and is near one of them, a line each.
    var known: [String]
  }

  /// The most groups that are asked about at once, and the most wordings of one.
  static let groups = 12
  static let members = 6

  /// The groups of wordings that are near one another, or near what the rubric says already.
  var nearGroups: [Group] {
    let texts = atoms.map { TextLikeness($0.text) }
    var group: [Int?] = Array(repeating: nil, count: atoms.count)
    var found: [Group] = []
    for index in atoms.indices where atoms[index].slot.isList && group[index] == nil {
      var members = [index]
      var next = 0
      // Whoever is near a member is one, too.
      while next < members.count {
        for other in atoms.indices
        where group[other] == nil && !members.contains(other)
          && atoms[other].slot == atoms[index].slot
          && texts[members[next]].degree(to: texts[other]) >= .near
        {
          members.append(other)
        }
        next += 1
      }
      let near = known(atoms[index]).filter { known in
        members.contains { known.text.degree(to: texts[$0]) >= .near }
      }.map(\.place)
      guard members.count > 1 || !near.isEmpty else { continue }
      for member in members { group[member] = found.count }
      if members.count <= Self.members {
        found.append(Group(members: members.sorted(), known: near))
      }
    }
    return Array(found.prefix(Self.groups))
  }

  /// What was answered for a group.
  enum Choice: Equatable, Sendable {
    /// All stand.
    case all
    /// The rubric says it already.
    case known
    /// One stands for all, by its number in the group.
    case one(Int)
  }

  /// Does what was answered; groups are those of ``nearGroups``, in their order.
  mutating func choose(_ choices: [Choice], of groups: [Group]) {
    var fallen: Set<Int> = []
    for (group, choice) in zip(groups, choices) {
      switch choice {
      case .all: break
      case .known:
        for member in group.members {
          refuse(atoms[member], "the rubric says it already, as the model that merges sees it")
        }
        fallen.formUnion(group.members)
      case .one(let number):
        guard group.members.indices.contains(number) else { continue }
        let kept = group.members[number]
        for member in group.members where member != kept {
          atoms[kept].backing.unite(atoms[member].backing)
          fallen.insert(member)
        }
      }
    }
    atoms = atoms.indices.filter { !fallen.contains($0) }.map { atoms[$0] }
  }
}
