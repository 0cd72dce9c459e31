import ArgumentParser
import RubricStore

struct VerifyStamp: Performing {
  static let configuration = CommandConfiguration(
    commandName: "verify-stamp",
    abstract: "Check the stamps that rewards carry: which rubric made them, and rightly",
    discussion: """
      Reads JSON lines, each a stamp or a record with one:
        {"stamp": "rubric-stamp/1", "rubric": "essay", "commit": "<full hash>", "judge": "…", \
      "scoring": "…", "library": "\(LibraryVersion.current)"}
        {"rollout": "r1", "verdicts": {"flow": 4}, "reward": 0.8, "stamp": {…}}
      and holds each against the repository: whether it has the commit, whether the rubric there is \
      the one that the hashes say, and, where verdicts and reward are there, whether the verdicts \
      earn that very reward, to the last bit.

      Examples:
        rubricctl verify-stamp rewards.jsonl
        tail -n 1 rewards.jsonl | rubricctl verify-stamp --json

      The exit status is 1 if a stamp is not valid, or a line is none.
      """)

  @Argument(help: "The stamps, JSON lines; - for standard input")
  var file = "-"

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    var checked = 0
    var bad = 0
    try FileInput.lines(file) { line, number in
      guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { return }
      checked += 1
      let reward: StampedReward
      do throws(SyntaxError) {
        reward = try StampedReward(parsing: line, lineNumber: number)
      } catch {
        bad += 1
        return show(error, number, terminal)
      }
      let report = try store.verify(reward)
      if !report.isValid { bad += 1 }
      show(report, number, terminal)
    }
    if !output.json {
      terminal.flush()
      Terminal.writeError(
        checked == 0
          ? "no stamps\n"
          : "\(checked) stamp\(checked == 1 ? "" : "s"), "
            + (bad == 0 ? "all valid\n" : "\(bad) not valid\n"))
    }
    return bad > 0 ? 1 : 0
  }

  private func show(_ report: StampReport, _ number: Int, _ terminal: Terminal) {
    guard !output.json else {
      var object = JSONObject([("line", .integer(number))])
      for member in report.json.object?.members ?? [] { object[member.key] = member.value }
      return terminal.json(.object(object))
    }
    let name =
      "\(report.rubric.printable)@\(terminal.paint(report.commit.prefix(12).description.printable, .commit))"
    let rollout = report.rollout.isEmpty ? "" : " \(report.rollout.printable)"
    guard !report.isValid else {
      return terminal.line(
        "\(number):\(rollout) \(terminal.paint("valid", .good)) \(name)"
          + (report.isRescored ? ", reward worked out again" : ""))
    }
    terminal.line(
      "\(number):\(rollout) \(terminal.paint("not valid", .error)) \(name): "
        + report.problems.map(\.message.printable).joined(separator: "; "))
  }

  private func show(_ error: SyntaxError, _ number: Int, _ terminal: Terminal) {
    guard !output.json else {
      return terminal.json([
        "line": .integer(number), "valid": false, "rubric": .null, "commit": .null,
        "rollout": .null, "rescored": false,
        "problems": .array(
          error.findings.map { finding in
            [
              "field": finding.path.isEmpty ? .null : .string(finding.path), "expected": .null,
              "found": .null,
              "message": .string(
                finding.message + (finding.hint.map { " (\($0))" } ?? "")),
            ]
          }),
      ])
    }
    terminal.line(
      "\(number): \(terminal.paint("no stamp", .error)): "
        + error.findings.map { "\($0)".printable }.joined(separator: "; "))
  }
}
