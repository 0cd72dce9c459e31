internal import RubricStore

/// The criteria that the meta-editor may touch: not pinned, and in no pinned group.
struct EditableCriteria {
  /// What stands for the top level where a group is to be named; no id can be this.
  static let topLevel = "(top level)"

  /// All of them, in the order of the document.
  private(set) var all: [Criterion] = []

  init(_ rubric: Rubric) { collect(rubric.criteria) }

  /// Those that are judged, or would be.
  var leaves: [Criterion] { all.filter { !$0.isGroup } }
  /// Those that hold others.
  var groups: [Criterion] { all.filter(\.isGroup) }

  private mutating func collect(_ criteria: [Criterion]) {
    for criterion in criteria where !criterion.pinned {
      all.append(criterion)
      collect(criterion.criteria)
    }
  }
}
