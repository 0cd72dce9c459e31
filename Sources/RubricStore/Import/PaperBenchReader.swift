/// Makes a rubric of a PaperBench tree: JSON objects with `id`, `requirements`, `weight` and
/// `sub_tasks`, one criterion or group each.
///
/// The tree's root becomes the only criterion of the top level, so that the tree can be written again.
/// The categories of a leaf become its tags.
struct PaperBenchReader {
  static func read(
    _ bytes: [UInt8], id: RubricID, repairIDs: Bool
  ) -> (ImportResult?, [Finding]) {
    let (root, findings) = JSONReader.read(bytes)
    guard let root, findings.isEmpty else { return (nil, findings) }
    var reader = NodeReader()
    let task = PaperBenchTask.read(root, &reader)
    guard let task, reader.findings.isEmpty else { return (nil, reader.findings) }
    var building = PaperBenchReader(repairIDs: repairIDs)
    building.collect(task)
    let criterion = building.criterion(task)
    guard building.findings.isEmpty else { return (nil, building.findings) }
    return (
      ImportResult(rubric: Rubric(id: id, criteria: [criterion]), notes: building.notes), []
    )
  }

  private let repairIDs: Bool
  private var findings: [Finding] = []
  private var notes: [ImportNote] = []
  /// All ids of the text, so that none is given to another task.
  private var taken: Set<CriterionID> = []
  /// Where each id first stands.
  private var lines: [CriterionID: Int] = [:]
  private var lastSuffix: [CriterionID: Int] = [:]

  private init(repairIDs: Bool) { self.repairIDs = repairIDs }

  private mutating func note(_ task: PaperBenchTask, _ id: CriterionID, _ message: String) {
    notes.append(ImportNote(line: task.node.start.line, criterion: id, message: message))
  }

  private static func slug(of task: PaperBenchTask) -> CriterionID {
    CriterionID(rawValue: task.id) ?? CriterionID.made(from: task.id) ?? "task"
  }

  private mutating func collect(_ task: PaperBenchTask) {
    taken.insert(Self.slug(of: task))
    for task in task.subTasks { collect(task) }
  }

  private mutating func criterion(_ task: PaperBenchTask) -> Criterion {
    var kept = JSONObject()
    let id = id(of: task)
    if id.rawValue != task.id { kept["id"] = .string(task.id) }
    var criterion = Criterion(id: id, text: task.requirements, weight: task.weight)
    criterion.origin = .import
    criterion.tags = PaperBenchExport.tags(of: task.categories)
    if !PaperBenchExport.isStandard(task.categories) {
      kept["categories"] = .object(task.categories)
    }
    if !task.hasSubTasks { kept["sub_tasks"] = false }
    if !task.others.isEmpty {
      kept["fields"] = .object(task.others)
      let names = Suggestion.list(task.others.members.map(\.key), conjunction: "and")
      note(task, id, "unknown fields \(names) are kept in ext.paperbench.fields")
    }
    if !kept.isEmpty { criterion.ext = Extensions(JSONObject([("paperbench", .object(kept))])) }
    criterion.criteria = task.subTasks.map { self.criterion($0) }
    return criterion
  }

  /// The id of a task, distinct; one that stands again is refused or renamed.
  private mutating func id(of task: PaperBenchTask) -> CriterionID {
    let slug = Self.slug(of: task)
    guard let first = lines[slug] else {
      lines[slug] = task.node.start.line
      if slug.rawValue != task.id {
        note(task, slug, "the id \(NodeReader.quote(task.id)) is no slug; renamed to `\(slug)`")
      }
      return slug
    }
    guard repairIDs else {
      if findings.count < Limits.findings {
        findings.append(
          Finding(
            code: .duplicateID, mark: task.node.start, path: slug.rawValue,
            message: "the id `\(slug)` stands again, first on line \(first)",
            hint: "repair the ids to rename the later one"))
      }
      return slug
    }
    var suffix = lastSuffix[slug, default: 1]
    var renamed: CriterionID
    repeat {
      suffix += 1
      renamed = CriterionID(unchecked: "\(slug.rawValue.prefix(100))-\(suffix)")
    } while !taken.insert(renamed).inserted
    lastSuffix[slug] = suffix
    note(task, renamed, "the id `\(slug)` stands again, first on line \(first); renamed")
    return renamed
  }
}
