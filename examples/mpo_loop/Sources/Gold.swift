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
    let bytes = Array(text.utf8)
    var useful = 0
    func held(_ sentences: [String]) -> Double {
      let found = sentences.filter { contains(bytes, Array($0.utf8)) }
      useful += found.reduce(0) { $0 + $1.utf8.count }
      return Double(found.count) / Double(sentences.count)
    }
    let content = 0.65 * held(topic.points) + 0.35 * held(topic.evidence)
    useful += Phrases.sections.filter { contains(bytes, Array($0.utf8)) }.reduce(0) {
      $0 + $1.utf8.count
    }
    guard !bytes.isEmpty else { return 0 }
    let share = (Double(useful) / Double(bytes.count)).inUnit
    return content * (0.25 + 0.75 * share)
  }

  /// A person's mark out of ten, as a share.
  func mark(_ text: String, on topic: Topic, _ stream: inout Stream) -> Double {
    let seen = Self.gold(text, on: topic) + noise * stream.normal()
    return (seen.inUnit * 10).rounded() / 10
  }

  private static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first, text.count >= part.count else { return false }
    for start in 0...text.count - part.count where text[start] == first {
      if text[start..<start + part.count].elementsEqual(part) { return true }
    }
    return false
  }
}
