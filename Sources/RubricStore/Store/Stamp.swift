/// What goes with a reward, so that it can be checked later which rubric made it.
///
/// It holds the words as they were found, for a stamp that was changed must be readable to be told so:
/// ``Store/verify(_:)-(Stamp)``.
///
/// - SeeAlso: ``StampedReward``.
public struct Stamp: Hashable, Sendable {
  /// The form that this library reads and writes.
  public static let schema = "rubric-stamp/1"

  /// The rubric's id.
  @Verbatim public var rubric: String
  /// The full hash of its commit.
  @Verbatim public var commit: String
  /// The hash of what its judge sees, ``RubricHashes/judge``.
  @Verbatim public var judge: String
  /// The hash of what turns verdicts into a reward, ``RubricHashes/scoring``.
  @Verbatim public var scoring: String
  /// The version of the library that made it.
  @Verbatim public var library: String

  /// The stamp of rewards that a pin makes.
  public init(_ pin: Pin) {
    let hashes = pin.rubric.hashes
    rubric = pin.rubric.id.rawValue
    commit = pin.commit.hex
    judge = hashes.judge
    scoring = hashes.scoring
    library = LibraryVersion.current
  }

  /// The stamp as JSON: `{stamp, rubric, commit, judge, scoring, library}`.
  public var json: JSONValue {
    [
      "stamp": .string(Self.schema), "rubric": .string(rubric), "commit": .string(commit),
      "judge": .string(judge), "scoring": .string(scoring), "library": .string(library),
    ]
  }
}

/// A stamp with the verdicts and the reward that it goes with, as far as they are known.
public struct StampedReward: Sendable {
  /// The stamp.
  public var stamp: Stamp
  /// The name of the rollout; empty where it is not said.
  public var rollout: String
  /// The verdicts; nil where they are not said.
  public var verdicts: [CriterionID: Verdict]?
  /// The reward that was given; nil where it is not said, `.some(nil)` for "no reward".
  public var reward: Double??

  /// Reads a stamp, or a record that has one.
  ///
  /// `{"stamp": "rubric-stamp/1", …}` may have `rollout`, `verdicts` and `reward` beside its own keys.
  /// A record of another kind has the stamp as its member `stamp`; of its other members only those
  /// three are looked at.
  ///
  /// - Parameters:
  ///   - line: One JSON object.
  ///   - lineNumber: The line's number in its stream, counted from 1, for messages.
  /// - Throws: ``SyntaxError`` with all that is wrong, each with line and column. A hash that is none
  ///   is for ``Store/verify(_:)-(StampedReward)`` to tell.
  public init(parsing line: [UInt8], lineNumber: Int = 1) throws(SyntaxError) {
    let (root, syntaxFindings) = JSONReader.read(line)
    var reader = NodeReader()
    let read = root.flatMap { Self.read($0, &reader) }
    var findings = syntaxFindings + reader.findings
    if let read, findings.isEmpty {
      self = read
      return
    }
    for index in findings.indices { findings[index].mark?.line = lineNumber }
    throw SyntaxError(findings: findings)
  }

  private init(_ stamp: StampRecord, _ context: StampContext) {
    self.stamp = stamp.stamp
    rollout = context.rollout
    verdicts = context.verdicts
    reward = context.hasReward ? .some(context.reward) : nil
  }

  private static func read(_ root: Node, _ reader: inout NodeReader) -> StampedReward? {
    guard case .mapping(let entries, let isFlow) = root.content else {
      reader.reportType(root, expected: "an object: a stamp, or a record with one")
      return nil
    }
    guard let member = root["stamp"] else {
      reader.report(
        .missingKey, root, "the record has no `stamp`",
        hint: "a stamp is what was made with the reward, `{\"stamp\": \"\(Stamp.schema)\", …}`")
      return nil
    }
    var context = StampContext()
    context.read(root, &reader)
    if case .mapping = member.content {
      let stamp = reader.inField("stamp") { StampRecord.read(member, &$0) }
      return stamp.map { StampedReward($0, context) }
    }
    var own = root
    own.content = .mapping(
      entries.filter { !StampContext.keys.contains($0.name) }, isFlow: isFlow)
    return StampRecord.read(own, &reader).map { StampedReward($0, context) }
  }
}

/// What stands beside a stamp.
private struct StampContext {
  static let keys = ["rollout", "verdicts", "reward"]
  var rollout = ""
  var verdicts: [CriterionID: Verdict]?
  var hasReward = false
  var reward: Double?

  mutating func read(_ root: Node, _ reader: inout NodeReader) {
    if let node = root["rollout"] {
      rollout = reader.inField("rollout") { String.read(node, &$0) } ?? ""
    }
    if let node = root["verdicts"] {
      verdicts = reader.inField("verdicts") { [CriterionID: Verdict].read(node, &$0) }
    }
    if let node = root["reward"] {
      hasReward = true
      if case .scalar("null", .plain) = node.content { return }
      reward = reader.inField("reward") { Double.read(node, &$0) }
    }
  }
}

/// The keys of a stamp.
private struct StampRecord: Record {
  static let recordName = "stamp"
  var schema = ""
  var stamp = Stamp(blank: ())

  init(blank: ()) {}

  static let fields: [RecordField<StampRecord>] = [
    .required("stamp", \.schema, "The form of the stamp."),
    .required("rubric", \.stamp.rubric, "The rubric's id."),
    .required("commit", \.stamp.commit, "The full hash of its commit."),
    .required("judge", \.stamp.judge, "The hash of what its judge sees."),
    .required("scoring", \.stamp.scoring, "The hash of what makes the reward."),
    .required("library", \.stamp.library, "The version of the library."),
  ]

  static func read(_ node: Node, _ reader: inout NodeReader) -> StampRecord? {
    let record = readFields(node, &reader)
    if let record, let schema = node["stamp"], !record.schema.isVerbatim(Stamp.schema),
      case .scalar = schema.content
    {
      reader.inField("stamp") {
        $0.report(
          .invalidValue, schema,
          "found \(NodeReader.quote(record.schema)), expected `\(Stamp.schema)`",
          hint: "this library reads no other")
      }
    }
    return record
  }
}

extension Stamp {
  fileprivate init(blank: ()) {
    rubric = ""
    commit = ""
    judge = ""
    scoring = ""
    library = ""
  }
}
