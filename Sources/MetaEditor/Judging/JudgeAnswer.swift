internal import RubricStore

/// Reads verdicts out of what a judge answered.
struct JudgeAnswer {
  /// A verdict for each criterion that was asked about; an error where there is none to be used.
  var verdicts: [CriterionID: Verdict] = [:]
  /// What is wrong with it, a sentence each, for a judge that is asked again.
  var problems: [String] = []

  /// The most characters of a reason that are kept, as many as the schema asks for.
  static let reasonLength = 2_000

  /// Whether there is any verdict to be used.
  var hasVerdict: Bool {
    verdicts.values.contains { if case .error = $0.answer { false } else { true } }
  }

  /// Reads the answer to a call about one criterion: `{reason, verdict}`.
  init(_ answer: JSONValue, about criterion: Criterion) {
    read(answer, key: "verdict", criterion, of: "the answer")
  }

  /// Reads the one answer for a whole rubric.
  ///
  /// - Parameters:
  ///   - answer: The answer.
  ///   - criteria: What was asked about; under `holistic` what stands for the rubric.
  ///   - mode: The mode of the judge's contract.
  init(_ answer: JSONValue, about criteria: [Criterion], mode: JudgeContract.Mode) {
    guard mode != .holistic else {
      for criterion in criteria { read(answer, key: "overall", criterion, of: "the answer") }
      return
    }
    var verdicts = answer
    if mode == .planExecute {
      if answer["plan"]?.string == nil { problems.append("the answer has no \"plan\"") }
      guard let inner = answer["verdicts"] else {
        for criterion in criteria { fail(criterion, "the answer has no \"verdicts\"") }
        return
      }
      verdicts = inner
    }
    // The members of an object are looked up one by one otherwise.
    var entries: [String: JSONValue] = [:]
    for member in verdicts.object?.members ?? [] { entries[member.key] = member.value }
    for criterion in criteria {
      let id = criterion.id.rawValue
      guard let entry = entries[id] else {
        fail(criterion, "the answer has no \"\(id)\"")
        continue
      }
      read(entry, key: "verdict", criterion, of: "\"\(id)\"")
    }
  }

  private mutating func fail(_ criterion: Criterion, _ problem: String) {
    verdicts[criterion.id] = .error(problem)
    problems.append(problem)
  }

  private mutating func read(
    _ answer: JSONValue, key: String, _ criterion: Criterion, of place: String
  ) {
    guard answer.object != nil else {
      fail(criterion, "\(place) is \(answer.brief), expected an object with \"\(key)\"")
      return
    }
    guard let value = answer[key] else {
      fail(criterion, "\(place) has no \"\(key)\"")
      return
    }
    let reason = answer["reason"]?.string.map(Self.bounded)
    switch (value, criterion.scale) {
    case (.string("na"), _) where !criterion.appliesWhen.isEmpty:
      verdicts[criterion.id] = Verdict(.notApplicable, reason: reason)
    case (.string("na"), _):
      fail(criterion, "\(place) has the verdict \"na\", but the criterion always applies")
    case (.bool(let isMet), .binary):
      verdicts[criterion.id] = Verdict(.value(isMet ? 1 : 0), reason: reason)
    default:
      guard let number = value.double, criterion.scale.admits(number) else {
        fail(
          criterion,
          "\(place) has the \(key == "overall" ? key : "verdict") \(value.brief), expected "
            + criterion.scale.admitted)
        return
      }
      verdicts[criterion.id] = Verdict(.value(number), reason: reason)
    }
  }

  private static func bounded(_ reason: String) -> String {
    let scalars = reason.unicodeScalars
    guard
      let end = scalars.index(
        scalars.startIndex, offsetBy: reasonLength, limitedBy: scalars.endIndex),
      end < scalars.endIndex
    else { return reason }
    return String(scalars[..<end]) + " […]"
  }
}

extension JSONValue {
  /// The value in few words, for messages.
  fileprivate var brief: String {
    switch self {
    case .array: return "a list"
    case .object: return "an object"
    default:
      let text = jsonText
      return text.unicodeScalars.count <= 60
        ? text : String(text.unicodeScalars.prefix(60)) + "…"
    }
  }
}

extension Scale {
  /// Whether a judge may give this verdict.
  fileprivate func admits(_ verdict: Double) -> Bool {
    switch self {
    case .binary: verdict == 0 || verdict == 1
    case .levels(let levels): levels.contains { $0.value == verdict }
    case .numeric(let range, _): range.contains(verdict)
    }
  }

  /// The verdicts that a judge may give, in words.
  fileprivate var admitted: String {
    func text(_ value: Double) -> String { JSONValue.decimal(value).jsonText }
    switch self {
    case .binary: return "0 or 1"
    case .levels(let levels):
      return "one of " + levels.prefix(20).map { text($0.value) }.joined(separator: ", ")
        + (levels.count > 20 ? ", …" : "")
    case .numeric(let range, _):
      let ends = "a number from \(text(range.min)) to \(text(range.max))"
      return range.step.map { "\(ends) in steps of \(text($0))" } ?? ends
    }
  }
}
