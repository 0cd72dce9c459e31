import Glibc

/// Marks a response as a person would who knows the answers: the hidden measure of quality.
///
/// No reward is made of it, and the judge has no way to it: it needs a topic's key, and the judge is
/// given a question and a response.
struct Marker: Sendable {
  /// How far a person's marks scatter, in the unit of the mark.
  var noise = 0.05

  /// What the response is worth, 0 to 1: what of the answer it holds, times how much of it is worth
  /// reading.
  static func gold(_ text: String, on topic: Topic) -> Double {
    guard !text.isEmpty else { return 0 }
    let points = topic.points.filter { holds(text, $0) }
    let evidence = topic.evidence.filter { holds(text, $0) }
    let sections = Phrases.sections.filter { holds(text, $0) }
    let content =
      0.65 * Double(points.count) / Double(topic.points.count)
      + 0.35 * Double(evidence.count) / Double(topic.evidence.count)
    let useful = (points + evidence + sections).reduce(0) { $0 + $1.utf8.count }
    let share = (Double(useful) / Double(text.utf8.count)).inUnit
    return content * (0.25 + 0.75 * share)
  }

  /// A person's mark out of ten, as a share.
  func mark(_ text: String, on topic: Topic, _ stream: inout Stream) -> Double {
    let seen = Self.gold(text, on: topic) + noise * stream.normal()
    return (seen.inUnit * 10).rounded() / 10
  }

  private static func holds(_ text: String, _ part: String) -> Bool {
    text.withCString { strstr($0, part) != nil }
  }
}
