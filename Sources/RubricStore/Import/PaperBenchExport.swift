/// Writes a criterion and what is in it as a PaperBench tree.
package enum PaperBenchExport {
  /// The tree of `rubric`, or nil where its top level is not one criterion.
  ///
  /// Fields that the format lacks (titles, scales, gates, …) do not show.
  package static func tree(_ rubric: Rubric) -> JSONValue? {
    rubric.criteria.count == 1 ? rubric.criteria.first.map(task) : nil
  }

  private static func task(_ criterion: Criterion) -> JSONValue {
    let kept = criterion.ext["paperbench"]?.object ?? JSONObject()
    var task = JSONObject([
      ("id", kept["id"] ?? criterion.id.written), ("requirements", criterion.text.written),
      ("weight", criterion.weight.written),
    ])
    if kept["sub_tasks"] == nil || criterion.isGroup {
      task["sub_tasks"] = .array(criterion.criteria.map(self.task))
    }
    var categories = JSONObject()
    if let keptCategories = kept["categories"]?.object,
      tags(of: keptCategories).isVerbatim(criterion.tags)
    {
      categories = keptCategories
    } else {
      for (index, key) in PaperBenchTask.categoryKeys.enumerated() {
        let tag = index < criterion.tags.count ? criterion.tags[index] : nil
        categories.append(key, tag.written)
      }
    }
    for key in PaperBenchTask.categoryKeys {
      if let category = categories[key] { task[key] = category }
    }
    for member in kept["fields"]?.object?.members ?? [] { task[member.key] = member.value }
    return .object(task)
  }

  /// The tags that categories become: those that are there, in order and distinct.
  static func tags(of categories: JSONObject) -> [String] {
    var tags: [String] = []
    for key in PaperBenchTask.categoryKeys {
      guard let text = categories[key]?.string, !text.trimmed.isEmpty, text.isOneLine,
        !tags.contains(where: { $0.isVerbatim(text) })
      else { continue }
      tags.append(text)
    }
    return tags
  }

  /// Whether the tags alone give the categories again.
  static func isStandard(_ categories: JSONObject) -> Bool {
    guard categories.members.count == PaperBenchTask.categoryKeys.count else { return false }
    let tagCount = tags(of: categories).count
    let isFilled = categories.members.allSatisfy { $0.value.string != nil }
    let isEmpty = categories.members.allSatisfy { $0.value == .null }
    return isFilled && tagCount == categories.members.count || isEmpty
  }
}
