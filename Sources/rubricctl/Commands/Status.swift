import ArgumentParser
import RubricStore

struct Status: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Show the branch, and what was changed by hand and not committed",
    discussion: "The exit status is 1 if a file in the work tree is not valid.")

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let head = try store.head()
    var status: Int32 = 0
    var reports: [JSONValue] = []
    if !output.json {
      terminal.line(
        head.isBranch ? "On branch \(head.name)" : "No branch is checked out; HEAD is \(head.name)")
    }
    for change in try store.isBare ? [] : store.workTreeChanges() {
      var findings: [Finding] = []
      var edits: [Edit] = []
      if change.kind != .deleted, let text = try store.workTreeText(of: change.rubric) {
        findings = Rubric.findings(in: text)
        if findings.isEmpty, change.kind == .modified {
          edits = try store.pull(change.rubric).rubric.edits(to: Rubric(parsing: text))
        }
      }
      if !findings.isEmpty { status = 1 }
      reports.append([
        "rubric": .string(change.rubric.rawValue), "change": .string(change.kind.rawValue),
        "findings": .array(findings.map(\.json)), "edits": .array(edits.map(\.json)),
      ])
      guard !output.json else { continue }
      terminal.line("\(change.kind.rawValue): rubrics/\(change.rubric).yaml")
      for finding in findings { terminal.line("  \(terminal.paint("\(finding)", .error))") }
      if change.kind == .modified, findings.isEmpty {
        if edits.isEmpty { terminal.line("  only layout or comments") }
        for edit in edits { terminal.line("  \(edit.summary)") }
      }
    }
    if output.json {
      terminal.json([
        "branch": head.isBranch ? .string(head.name) : .null,
        "commit": head.commit.map { .string($0.hex) } ?? .null, "changes": .array(reports),
      ])
    } else if reports.isEmpty {
      terminal.line("Nothing to commit")
    } else {
      terminal.line(
        status == 0 ? "Commit with: rubricctl commit -m WHY" : "Mend the file before you commit it")
    }
    return status
  }
}
