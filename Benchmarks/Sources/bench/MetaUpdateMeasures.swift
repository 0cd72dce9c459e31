import Dispatch
import FoundationEssentials
import MetaEditor
import RubricStore
import Synchronization

/// What our side adds to a meta-update over 1,000 rollouts: everything but the model's own time.
struct MetaUpdateMeasures {
  static let rollouts = 1_000
  private static let work = "meta-update"
  private static let floor = "decode the lines as JSON"
  private static let read = "read the evidence"

  private let folder: String
  private let store: Store
  private let pin: Pin
  private let lines: [[UInt8]]

  /// Prepares a store with a rubric, and evidence about it.
  ///
  /// - Parameter folder: An empty folder for the store.
  /// - Throws: `StoreError` where the store cannot be made.
  init(folder: String) throws {
    self.folder = folder
    store = try Store.create(folder, bare: true).store
    let author = Identity(name: "bench", email: "bench@example.org")
    let outcome = try store.create(Array(Self.rubric.canonicalText.utf8), author: author)
    pin = try store.pull(Self.rubric.id, commit: outcome.commit)
    var random = Random(seed: 7)
    let commit = outcome.commit.hex
    lines = (0..<Self.rollouts).map { Array(Self.line($0, commit, &random).utf8) }
  }

  var summary: String {
    "\(Self.rollouts) rollouts of some 250 words, \(pin.rubric.judgedCriteria.count) criteria, "
      + "\(lines.reduce(0) { $0 + $1.count } / 1_000) KB of JSON lines; in a bare repository, flushed "
      + "to disk"
  }

  func measures() throws -> [Measure] {
    let (store, pin, lines) = (store, pin, lines)
    let editor = MetaEditor(store: store, proposer: StatisticalProposer())
    let evidence = try Self.gather(lines, editor, pin)
    let reviewed = try Self.wait { try await editor.propose(evidence, on: pin) }
    var number = 0
    return [
      Measure(Self.work, Self.floor) {
        try lines.reduce(0) {
          $0 + (try JSONDecoder().decode(Line.self, from: Data($1))).verdicts.count
        }
      },
      Measure(Self.work, Self.read, against: Self.floor, reach: 2) {
        try Self.gather(lines, editor, pin).count
      },
      Measure(Self.work, "propose by statistics", against: Self.read) {
        try Self.wait { try await editor.propose(evidence, on: pin) }.review.checks.count
      },
      Measure(Self.work, "review", against: Self.read) {
        Reviewer().review(reviewed.proposal, of: pin.rubric, on: evidence).checks.count
      },
      Measure(Self.work, "all of it: read, propose, review, commit", against: Self.read) {
        number += 1
        let branch = "b\(number)"
        try store.createBranch(branch, at: pin.commit.hex)
        let evidence = try Self.gather(lines, editor, pin)
        return try Self.wait {
          try await editor.update(
            evidence, on: pin, to: branch,
            author: Identity(name: "bench", email: "bench@example.org")
          ).commit.edits.count
        }
      },
    ]
  }

  private static func gather(
    _ lines: [[UInt8]], _ editor: MetaEditor, _ pin: Pin
  ) throws -> Evidence {
    var gatherer = editor.gatherer(of: pin)
    for (index, line) in lines.enumerated() { try gatherer.add(line: line, number: index + 1) }
    return gatherer.gathered
  }

  /// Waits for what is asynchronous, which here is only so by its declaration.
  private static func wait<Value: Sendable>(
    _ body: @escaping @Sendable () async throws -> Value
  ) throws -> Value {
    let done = DispatchSemaphore(value: 0)
    let outcome = Outcome<Value>()
    Task {
      do { outcome.settle(.success(try await body())) } catch { outcome.settle(.failure(error)) }
      done.signal()
    }
    done.wait()
    guard let result = outcome.result else { throw Inputs.Absence(reason: "the task gave nothing") }
    return try result.get()
  }

  /// What the work came to, once it has.
  private final class Outcome<Value: Sendable>: Sendable {
    private let state = Mutex<Result<Value, any Error>?>(nil)

    var result: Result<Value, any Error>? { state.withLock { $0 } }

    func settle(_ result: Result<Value, any Error>) { state.withLock { $0 = result } }
  }

  /// What the floor decodes of a line.
  private struct Line: Decodable {
    var rollout: String
    var prompt: String
    var response: String
    var rubric: String
    var verdicts: [String: Double]
    var gold: Double?
    var step: Int
  }

  private static let rubric: Rubric = {
    var random = Random(seed: 3)
    var rubric = Rubric(id: "essay", title: "Essays")
    for number in 0..<9 {
      var criterion = Criterion(
        id: CriterionID(rawValue: "c\(number)") ?? "c", title: Inputs.words(3, &random),
        text: Inputs.words(40, &random))
      criterion.scale = .numeric(
        NumericRange(min: 0, max: 10, step: 1),
        levels: [0, 5, 10].map { Level(value: $0, text: Inputs.words(20, &random)) })
      criterion.lowerWhen = [Inputs.words(8, &random)]
      rubric.criteria.append(criterion)
    }
    return rubric
  }()

  /// Some criteria follow length, one is saturated, two go together: so that there is work.
  private static func line(_ number: Int, _ commit: String, _ random: inout Random) -> String {
    let quality = Double.random(in: 0...1, using: &random)
    let words = Int.random(in: 100...400, using: &random)
    var verdicts = JSONObject()
    for criterion in 0..<9 {
      let noise = Double.random(in: -2...2, using: &random)
      let value: Double =
        switch criterion {
        case 0: 10
        case 1, 2: Double(words) / 40 + noise / 4
        default: quality * 10 + noise
        }
      verdicts["c\(criterion)"] = .integer(Int(min(10, max(0, value)).rounded()))
    }
    var line = JSONObject([
      ("rollout", .string("r\(number)")), ("prompt", .string(Inputs.words(30, &random))),
      ("response", .string(Inputs.words(words, &random))), ("rubric", .string(commit)),
      ("verdicts", .object(verdicts)), ("step", .integer(number)),
    ])
    if number % 3 == 0 { line["gold"] = .number(quality) }
    return JSONValue.object(line).jsonText
  }
}
