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
    let kept = head.isBranch ? try store.keptMergeSummary() : nil
    if let kept, !output.json { terminal.line(kept.words) }
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
        "merge": kept?.json ?? .null,
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

/// A merge that waits to be finished, in a line.
struct KeptMergeSummary {
  var words: String
  var json: JSONValue
}

extension Store {
  /// The merge into the branch that is checked out, if one waits.
  fileprivate func keptMergeSummary() throws -> KeptMergeSummary? {
    do throws(StoreError) {
      guard let kept = try keptMerge() else { return nil }
      let open = kept.conflicts.count
      let next =
        open == 0
        ? "`rubricctl merge --continue` commits it"
        : "\(open == 1 ? "1 conflict is" : "\(open) conflicts are") open, `rubricctl conflicts` "
          + "lists \(open == 1 ? "it" : "them")"
      return KeptMergeSummary(
        words: "A merge of \(kept.revision) waits to be finished: \(next)",
        json: ["revision": .string(kept.revision), "conflicts": .integer(open)])
    } catch {
      guard error.code == .invalidDocument else { throw error }
      return KeptMergeSummary(
        words: "A merge waits that cannot be read; `rubricctl merge --abort` drops it",
        json: ["revision": .null, "conflicts": .null])
    }
  }
}
