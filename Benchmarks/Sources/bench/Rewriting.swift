import RubricStore

/// Makes another version of a rubric, a number of edits away.
///
/// Of ten edits four reweight, two reword, one renames, one adds a reason to score lower or a tag,
/// one adds, and one removes or moves a criterion. Each is about a criterion of its own.
struct Rewriting {
  private enum Kind {
    case reweight, reword, rename, tighten, add, remove, move
  }

  private static let kinds: [Kind] = [
    .reweight, .reword, .add, .reweight, .rename, .tighten, .reweight, .remove, .reword, .reweight,
    .reweight, .reword, .add, .reweight, .rename, .tighten, .reweight, .move, .reword, .reweight,
  ]

  private var random: Random
  private var chosen: [CriterionID: Kind] = [:]

  /// Returns `rubric` with about `count` edits made, of criteria that the seed chooses.
  ///
  /// A `part`, 0 or 1, keeps to every other criterion, so that two versions have none in common.
  static func version(
    of rubric: Rubric, edits count: Int, seed: UInt64, part: Int? = nil
  ) -> Rubric {
    var rewriting = Rewriting(random: Random(seed: seed))
    rewriting.choose(count, of: rubric.criteria, part)
    var version = rubric
    version.criteria = rewriting.rewritten(rubric.criteria)
    return version
  }

  private mutating func choose(_ count: Int, of criteria: [Criterion], _ part: Int?) {
    var items: [(id: CriterionID, isGroup: Bool)] = []
    func collect(_ list: [Criterion]) {
      for item in list {
        items.append((item.id, item.isGroup))
        collect(item.criteria)
      }
    }
    collect(criteria)
    var candidates = items.indices.filter { part == nil || $0 % 2 == part }
    candidates.shuffle(using: &random)
    for (number, index) in candidates.prefix(count).enumerated() {
      let kind = Self.kinds[number % Self.kinds.count]
      let isStructural = kind == .add || kind == .remove || kind == .move || kind == .tighten
      chosen[items[index].id] = isStructural && items[index].isGroup ? .reweight : kind
    }
  }

  private mutating func rewritten(_ siblings: [Criterion]) -> [Criterion] {
    var result: [Criterion] = []
    var last: [Criterion] = []
    var left = siblings.count
    for item in siblings {
      var item = item
      switch chosen[item.id] {
      case .reweight: item.weight += 1
      case .reword: item.text += " " + Inputs.words(3, &random)
      case .rename: item.title = Inputs.words(3, &random)
      case .tighten: item.lowerWhen.append(Inputs.words(5, &random))
      case .add:
        var added = Criterion(
          id: CriterionID(rawValue: item.id.rawValue.prefix(100) + "-new") ?? item.id,
          text: Inputs.words(20, &random))
        added.tags = ["added"]
        result.append(item)
        item = added
      case .remove where left > 1:
        left -= 1
        continue
      case .move where left > 1:
        left -= 1
        last.append(item)
        continue
      case .remove, .move: item.weight += 1
      case nil: break
      }
      item.criteria = rewritten(item.criteria)
      result.append(item)
    }
    return result + last
  }

  private init(random: Random) { self.random = random }
}
