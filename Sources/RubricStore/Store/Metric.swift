/// The name of a metric, such as `gold` or `eval.rank-correlation`: a slug, as ids are.
public struct MetricName: Slug {
  /// The slug.
  public let rawValue: String
  package static let noun = "metric"

  /// Creates a name, or nil if `rawValue` is not a slug.
  public init?(rawValue: String) {
    guard Self.isValid(rawValue) else { return nil }
    self.rawValue = rawValue
  }

  package init(unchecked rawValue: String) { self.rawValue = rawValue }

  /// Creates a name from a literal, unchecked; a bad one is refused where it is noted.
  public init(stringLiteral value: String) { self.rawValue = value }
  /// The slug.
  public var description: String { rawValue }
  /// Orders names by their UTF-8 bytes.
  public static func < (left: Self, right: Self) -> Bool {
    left.rawValue.precedes(right.rawValue)
  }
}

/// Something that was measured about a commit after it was made: a reward, agreement with trusted
/// scores, a loss.
///
/// - SeeAlso: SPEC.md §7.10.
public struct Metric: Hashable, Sendable {
  /// What was measured.
  public var name: MetricName
  /// The value, finite.
  public var value: Double
  /// The step of the training at which it was, 0 or more; nil where that is not known.
  public var step: Int?
  /// The rubric that it is about; nil for all that the commit holds.
  public var rubric: RubricID?
  /// When it was recorded, in seconds since 1970-01-01 00:00 UTC; nil where that is not known, and
  /// for now where it is to be recorded.
  public var seconds: Int64?
  /// What a person should know of it; nil for nothing.
  @Verbatim public var message: String?

  /// Creates a metric.
  public init(
    _ name: MetricName, _ value: Double, step: Int? = nil, rubric: RubricID? = nil,
    seconds: Int64? = nil, message: String? = nil
  ) {
    self.name = name
    self.value = value
    self.step = step
    self.rubric = rubric
    self.seconds = seconds
    self.message = message
  }
}

extension Metric {
  /// Reads a line of a note, or returns nil if it is none that this library writes.
  ///
  /// Keys that it does not know are passed over.
  init?(line: some StringProtocol) {
    guard line.first == "{", line.utf8.count <= Limits.textBytes,
      let value = try? JSONReader.parse(Array(line.utf8)),
      let name = value["metric"]?.string.flatMap(MetricName.init(rawValue:)),
      let number = value["value"]?.numeric, number.isFinite
    else { return nil }
    self.init(name, number)
    step = value["step"]?.numeric.flatMap { Int(exactly: $0) }.flatMap { $0 >= 0 ? $0 : nil }
    rubric = value["rubric"]?.string.flatMap(RubricID.init(rawValue:))
    seconds = value["at"]?.string.flatMap(Timestamp.seconds)
    message = value["message"]?.string
  }

  /// The metric as JSON, as a line of a note holds it; what is not there is left out.
  public var json: JSONValue {
    var object = JSONObject([
      ("metric", .string(name.rawValue)), ("value", .decimal(value)),
    ])
    if let step { object["step"] = .integer(step) }
    if let seconds { object["at"] = .string(Timestamp.text(seconds)) }
    if let rubric { object["rubric"] = .string(rubric.rawValue) }
    if let message { object["message"] = .string(message) }
    return .object(object)
  }

  /// Whether another is the later of the two: recorded later, or at once and of a later step.
  ///
  /// One that does not say when came first.
  func isBefore(_ other: Metric) -> Bool {
    (seconds ?? -1, step ?? -1) < (other.seconds ?? -1, other.step ?? -1)
  }
}

extension JSONValue {
  fileprivate var numeric: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}

/// What was noted about a commit.
public struct CommitNote: Hashable, Sendable {
  /// What was measured, in the order of the lines.
  public var metrics: [Metric] = []
  /// The lines that are no metric: a person's, another program's.
  public var remarks: [String] = []

  /// Creates a note without anything.
  public init() {}

  /// Reads a note; every text is one.
  init(text: [UInt8]) {
    for line in Self.lines(text) {
      if let metric = Metric(line: line) {
        metrics.append(metric)
      } else {
        remarks.append(line)
      }
    }
  }

  /// The lines of a note that hold something.
  static func lines(_ text: [UInt8]) -> [String] {
    text.split(separator: 0x0A).compactMap { bytes in
      var line = String(decoding: bytes, as: UTF8.self)[...]
      while let last = line.unicodeScalars.last, last == "\r" || last == " " || last == "\t" {
        line.unicodeScalars.removeLast()
      }
      return line.isEmpty ? nil : String(line)
    }
  }

  /// The latest of each metric.
  ///
  /// Later is what was recorded later; of the same second what is of a later step; then what stands
  /// further down.
  ///
  /// - Parameter rubric: Only what is about this rubric or names none; nil for all.
  /// - Returns: The metrics by name.
  public func latest(of rubric: RubricID? = nil) -> [MetricName: Metric] {
    var latest: [MetricName: Metric] = [:]
    for metric in metrics
    where rubric == nil || metric.rubric == nil || metric.rubric == rubric {
      if let known = latest[metric.name], metric.isBefore(known) { continue }
      latest[metric.name] = metric
    }
    return latest
  }
}
