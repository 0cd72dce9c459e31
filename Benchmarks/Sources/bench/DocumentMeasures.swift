import CFloor
import RubricStore

/// What is measured on one rubric.
struct DocumentMeasures {
  /// A version of the rubric, and what leads to it.
  private struct Version {
    let rubric: Rubric
    let edits: [Edit]
  }

  private let work: String
  private let rubric: Rubric
  private let text: [UInt8]

  /// Prepares the work on a rubric, read from its own canonical text as a store would.
  init(_ work: String, _ rubric: Rubric) throws {
    self.work = work
    text = Array(rubric.canonicalText.utf8)
    self.rubric = try Rubric(parsing: text)
  }

  var summary: String {
    let count = rubric.criteria.reduce(0) { $0 + $1.size }
    return "\(count) criteria and groups, \(text.count / 1000) KB of canonical YAML"
  }

  /// All measures, for versions that are each of `counts` edits apart.
  func measures(edits counts: [Int]) throws -> [Measure] {
    var measures = try parsing()
    for count in counts {
      let version = try version(edits: count, seed: 1)
      let label = version.edits.count == 1 ? "1 edit" : "\(version.edits.count) edits"
      measures += [
        Measure(work, "diff, \(label)", against: Self.parse, reach: 1) {
          try rubric.edits(to: version.rubric).count
        },
        Measure(work, "comparability, \(label)", against: Self.parse, reach: 1) {
          rubric.comparability(to: version.rubric).rejudged.count
        },
        Measure(work, "apply, \(label)", against: Self.parse) {
          try rubric.applying(version.edits).criteria.count
        },
      ]
    }
    return measures + (try merging())
  }

  private static let floor = "libyaml events"
  private static let emitterFloor = "libyaml emitter"
  private static let parse = "parse and validate"
  private static let parseAll = "parse three"

  private func parsing() throws -> [Measure] {
    let copy = try Rubric(parsing: text)
    let text = text
    let rubric = rubric
    let events = Events(text)
    return [
      Measure(work, Self.floor) {
        Int(text.withUnsafeBufferPointer { floor_yaml_parse($0.baseAddress, $0.count) })
      },
      Measure(work, Self.parse, against: Self.floor, reach: 2) {
        try Rubric(parsing: text).criteria.count
      },
      Measure(work, Self.emitterFloor) { Int(floor_yaml_emit(events.document)) },
      Measure(work, "emit canonical", against: Self.emitterFloor, reach: 2) {
        rubric.canonicalText.utf8.count
      },
      Measure(work, "validate") { rubric.findings.count },
      Measure(work, "compare for equality") {
        rubric == copy ? 1 : 0
      },
    ]
  }

  /// Three-way merges: of criteria that only one side changed, and of any.
  private func merging() throws -> [Measure] {
    let rubric = rubric
    var measures = [
      Measure(work, Self.parseAll, against: Self.parse) { [text] in
        try (0..<3).reduce(0) { count, _ in count + (try Rubric(parsing: text).criteria.count) }
      }
    ]
    for (label, parts) in [("apart", [0, 1]), ("anywhere", [nil, nil])] {
      let ours = MergeSide(try version(edits: 500, seed: 1, part: parts[0]).rubric)
      let theirs = MergeSide(try version(edits: 500, seed: 2, part: parts[1]).rubric)
      let result = try Rubric.merge(base: rubric, ours: ours, theirs: theirs)
      let name = "merge, 500 edits a side \(label), \(result.conflicts.count) conflicts"
      measures.append(
        Measure(work, name, against: Self.parseAll, reach: 1) {
          try Rubric.merge(base: rubric, ours: ours, theirs: theirs).conflicts.count
        })
    }
    return measures
  }

  /// A version as a reader has it: parsed from its own text, so that it shares no memory.
  private func version(edits count: Int, seed: UInt64, part: Int? = nil) throws -> Version {
    let rewritten = Rewriting.version(of: rubric, edits: count, seed: seed, part: part)
    let version = try Rubric(parsing: Array(rewritten.canonicalText.utf8))
    let edits = try rubric.edits(to: version)
    guard try rubric.applying(edits) == version else {
      throw Inputs.Absence(reason: "\(work): the edits do not lead to the version they are of")
    }
    return Version(rubric: version, edits: edits)
  }
}

/// The events of a text, for the emitter's floor.
private final class Events {
  let document: OpaquePointer?

  init(_ text: [UInt8]) {
    document = text.withUnsafeBufferPointer {
      floor_yaml_document_create($0.baseAddress, $0.count)
    }
  }

  deinit { floor_yaml_document_free(document) }
}
