import ArgumentParser
import RubricStore

struct ScoreCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "score",
    abstract: "Turn verdicts into rewards, by the rubric's own formula",
    discussion: """
      Reads JSON lines, one judgement a line:
        {"rollout": "r1", "rubric": "<commit>", "verdicts": {"flow": 4, "style": "na", \
      "facts": {"error": "timeout"}}}
      and writes a line for each: rollout, rubric, commit, reward. A judgement that cannot be scored \
      has the reward null and says why; an error never becomes a number unless the rubric says how. \
      A judgement that names the commit it was made under is refused where the judge would have \
      read something else there.

      The exit status is 1 if a judgement has no reward.
      """)

  @Argument(help: ArgumentHelp("The rubric to score by: RUBRIC@REV", valueName: "rubric@rev"))
  var name = ""

  @Option(help: ArgumentHelp("The verdicts, JSON lines; - for standard input", valueName: "file"))
  var verdicts: String

  @Flag(help: "Show what each criterion, gate and missing verdict did to the reward")
  var explain = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let pin = try store.pull(name)
    let rubric = CompiledRubric(pin.rubric)
    var origins = Origins(store: store, pin: pin)
    var status: Int32 = 0
    try FileInput.lines(verdicts) { line, number in
      guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { return }
      var answer = JSONObject()
      let judgement: Judgement
      do throws(SyntaxError) {
        judgement = try Judgement(parsing: line, lineNumber: number)
      } catch {
        status = 1
        answer = Self.unread(error, line: number)
        // The name is what a trainer joins by; a line that is JSON still has it.
        if let rollout = (try? JSONReader.parse(line))?["rollout"]?.string {
          answer["rollout"] = .string(rollout)
        }
        answer["rubric"] = .string(pin.rubric.id.rawValue)
        answer["commit"] = .string(pin.commit.hex)
        terminal.json(.object(answer))
        return
      }
      answer["rollout"] = .string(judgement.rollout)
      answer["rubric"] = .string(pin.rubric.id.rawValue)
      answer["commit"] = .string(pin.commit.hex)
      if let problem = origins.problem(of: judgement) {
        status = 1
        answer["reward"] = .some(.null)
        answer["raw"] = .some(.null)
        answer["unscorable"] = [problem]
        terminal.json(.object(answer))
        return
      }
      let details: JSONValue
      if explain {
        let explanation = rubric.explain(judgement)
        if explanation.score.reward == nil { status = 1 }
        details = explanation.json
      } else {
        let score = rubric.score(judgement)
        if score.reward == nil { status = 1 }
        details = score.json
      }
      for member in details.object?.members ?? []
      where member.key != "rollout" && member.key != "rubric" {
        answer[member.key] = member.value
      }
      terminal.json(.object(answer))
    }
    return status
  }

  private static func unread(_ error: SyntaxError, line: Int) -> JSONObject {
    JSONObject([
      ("rollout", .null), ("rubric", .null), ("commit", .null), ("reward", .null), ("raw", .null),
      (
        "unscorable",
        .array(
          error.findings.map { finding in
            [
              "code": .string(finding.code.rawValue), "criterion": .null,
              "message": .string(
                "line \(line): \(finding.path.isEmpty ? "" : "\(finding.path): ")\(finding.message)"
                  + (finding.hint.map { " (\($0))" } ?? "")),
            ]
          })
      ),
    ])
  }
}

/// Whether judgements that were made under other commits can be scored under this one.
private struct Origins {
  let store: Store
  let pin: Pin
  private var problems: [String: JSONValue?] = [:]

  init(store: Store, pin: Pin) {
    self.store = store
    self.pin = pin
  }

  /// Why a judgement cannot be scored under the pinned rubric; nil where it can.
  mutating func problem(of judgement: Judgement) -> JSONValue? {
    guard let stamp = judgement.rubric else { return nil }
    let commit = RubricRevision.commit(namedBy: stamp)
    guard commit != pin.commit.hex else { return nil }
    let made = check(commit)
    guard case .object(let object)? = made, let ids = object["criteria"]?.array else { return made }
    // What was judged under the same words can be carried over; a verdict on another text cannot.
    let changed = ids.compactMap(\.string).filter { id in
      judgement.verdicts[CriterionID(rawValue: id) ?? ""] != nil
    }
    guard !changed.isEmpty else { return nil }
    return [
      "code": "other_rubric", "criterion": .null,
      "message": .string(
        "judged under \(commit.prefix(12)), where the judge read something else about "
          + Suggestion.list(changed, conjunction: "and") + "; judge it again"),
    ]
  }

  private mutating func check(_ commit: String) -> JSONValue? {
    if let known = problems[commit] { return known }
    let problem = compare(commit)
    problems[commit] = .some(problem)
    return problem
  }

  private func compare(_ commit: String) -> JSONValue? {
    do throws(StoreError) {
      let origin = try store.pull(pin.rubric.id, at: commit)
      switch origin.rubric.comparability(to: pin.rubric) {
      case .identical, .cosmetic, .recompute: return nil
      case .rejudge(let ids): return ["criteria": .array(ids.map { .string($0.rawValue) })]
      case .incomparable:
        return [
          "code": "other_rubric", "criterion": .null,
          "message": .string(
            "judged under \(commit.prefix(12)), where the judge was asked in another way"),
        ]
      }
    } catch {
      return [
        "code": "unknown_rubric", "criterion": .null,
        "message": .string("judged under `\(commit)`: \(error.message)"),
      ]
    }
  }
}
