import MetaEditor
import RubricStore

/// A judge that is easily impressed: it reads the rubric, the question and the response, looks for
/// outward signs of what a criterion asks for, and heeds the reasons to score lower that it
/// understands.
///
/// It knows no topic's key and not which moves made a response.
struct Judge: Sendable {
  /// The judge by name, as evidence records who graded.
  static let stamp = JudgeStamp(model: "outward-signs", prompt: "1")

  /// How far its verdicts scatter, as a share of the scale.
  var noise = 0.08
  /// How often it fails to answer.
  var failures = 0.002
  /// What a reason that holds in full takes off, as a share of the scale.
  var severity = 0.7

  /// Reads a rubric, and can grade by it from then on.
  func reading(_ rubric: Rubric) -> Grader {
    Grader(judge: self, questions: rubric.judgedCriteria.map { Question($0) })
  }

  /// The verdict of a scale that is nearest to `value`, which goes from 0 to 1.
  static func verdict(_ value: Double, in scale: Scale) -> Double {
    switch scale {
    case .binary: return value < 0.5 ? 0 : 1
    case .levels(let levels):
      let values = levels.map(\.value).sorted()
      guard !values.isEmpty else { return 0 }
      return values[Int((value * Double(values.count - 1)).rounded())]
    case .numeric(let range, _):
      let width = range.max - range.min
      guard let step = range.step, step > 0 else { return range.min + value * width }
      return min(range.max, range.min + (value * width / step).rounded() * step)
    }
  }
}

/// A judge with a rubric before it.
struct Grader: Sendable {
  fileprivate let judge: Judge
  fileprivate let questions: [Question]

  /// Grades one response by every criterion that the rubric shows a judge.
  func grade(
    _ response: String, to question: String, _ stream: Stream
  ) -> [CriterionID: Verdict] {
    let reading = Reading(question: question, response: response)
    var verdicts: [CriterionID: Verdict] = [:]
    for question in questions {
      // By the id, so that a criterion that is added does not change what is drawn for the others.
      let letters = question.id.rawValue.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
      var draws = stream.named(letters)
      guard draws.uniform() >= judge.failures else {
        verdicts[question.id] = Verdict(.error("no verdict in the answer"))
        continue
      }
      let impression = question.impression(of: reading, severity: judge.severity)
      // A long list of reasons is read less carefully.
      let scatter = judge.noise * (1 + 0.1 * Double(question.reasons.count))
      let value = (impression + scatter * draws.normal()).inUnit
      verdicts[question.id] = Verdict(.value(Judge.verdict(value, in: question.scale)))
    }
    return verdicts
  }
}

/// What a judge sees of a criterion: its words and its reasons, and neither its weight nor its gate.
private struct Question: Sendable {
  let id: CriterionID
  let scale: Scale
  let signs: [Sign]
  let reasons: [Flaw]

  init(_ criterion: Criterion) {
    (id, scale) = (criterion.id, criterion.scale)
    let words = "\(criterion.title) \(criterion.text)".lowercased()
    signs = Sign.allCases.filter { $0.isMeant(by: words) }
    let best = criterion.scale.bounds.map { bounds in
      criterion.scale.levels.filter { $0.value > (bounds.min + bounds.max) / 2 }
    }
    // What the better levels rule out counts as well as what is listed.
    let ruledOut = (best ?? []).map { $0.text.lowercased() }.filter { text in
      ["no ", "not ", "without ", "never "].contains { text.contains($0) }
    }
    reasons = (criterion.lowerWhen.map { $0.lowercased() } + ruledOut).compactMap {
      Flaw(namedBy: $0)
    }
  }

  /// How well the criterion seems to be met, 0 to 1.
  func impression(of reading: Reading, severity: Double) -> Double {
    // A criterion that it can make nothing of is judged by the looks of the whole.
    let looked = signs.isEmpty ? Sign.allCases : signs
    let seen = looked.reduce(0) { $0 + $1.degree(in: reading) } / Double(looked.count)
    return (seen - reasons.reduce(0) { $0 + severity * $1.degree(in: reading) }).inUnit
  }
}
