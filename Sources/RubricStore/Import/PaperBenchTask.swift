/// One node of a PaperBench tree, as it stands in the text.
struct PaperBenchTask {
  var id = ""
  /// Where the id stands.
  var node: Node
  @Verbatim var requirements = ""
  var weight = 1.0
  /// The categories that the node names, null included, in the order of ``categoryKeys``.
  var categories = JSONObject()
  /// Whether it says that it has parts, even if none.
  var hasSubTasks = false
  var subTasks: [PaperBenchTask] = []
  /// Fields that the format does not know.
  var others = JSONObject()

  static let categoryKeys = ["task_category", "finegrained_task_category"]

  static func read(_ node: Node, _ reader: inout NodeReader) -> PaperBenchTask? {
    guard case .mapping(let entries, _) = node.content else {
      reader.reportType(node, expected: "a task (an object with `id` and `requirements`)")
      return nil
    }
    var name: String?
    if let entry = entries.first(where: { $0.name == "id" }),
      case .scalar(let text, _) = entry.value.content
    {
      name = text
    }
    return reader.inCriterion(name, node) { reader in
      var task = PaperBenchTask(node: node)
      for entry in entries { task.read(entry, &reader) }
      for key in ["id", "requirements", "weight"] where !entries.contains(where: { $0.name == key })
      {
        reader.report(
          .missingKey, node, "the task has no `\(key)`", hint: "is this a PaperBench tree?")
      }
      return task
    }
  }

  private mutating func read(_ entry: Node.Entry, _ reader: inout NodeReader) {
    let node = entry.value
    reader.inField(entry.name) { reader in
      switch entry.name {
      case "id":
        self.node = node
        if let text = String.read(node, &reader) { id = text }
        if id.trimmed.isEmpty { reader.report(.invalidValue, node, "the id is blank") }
      case "requirements":
        if let text = String.read(node, &reader) { requirements = text }
      case "weight":
        guard let number = Double.read(node, &reader) else { return }
        if number < 0 {
          reader.report(
            .invalidValue, node, "the weight is \(CanonicalNumber.text(number)), expected 0 or more"
          )
        }
        weight = number
      case "sub_tasks":
        hasSubTasks = true
        readSubTasks(node, &reader)
      case "task_category", "finegrained_task_category":
        if let text = String?.read(node, &reader) { categories.append(entry.name, text.written) }
      default:
        if let value = JSONValue.read(node, &reader) { others.append(entry.name, value) }
      }
    }
  }

  private mutating func readSubTasks(_ node: Node, _ reader: inout NodeReader) {
    guard case .sequence(let nodes, _) = node.content else {
      return reader.reportType(node, expected: "a list of tasks")
    }
    for (index, node) in nodes.enumerated() {
      let task = reader.inItem(index) { Self.read(node, &$0) }
      if let task { subTasks.append(task) }
    }
  }
}
