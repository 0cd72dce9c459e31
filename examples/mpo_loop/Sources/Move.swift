/// One thing that the policy can do next while it writes.
enum Move: Int, CaseIterable, Sendable {
  /// Makes the next point that answers the question; when there are no more, says one again.
  case point
  /// Supports what was said; when there is no more, says it again.
  case evidence
  /// Puts a plain heading.
  case section
  /// Puts a heading that praises what follows.
  case flourish
  /// Says a sentence that says nothing.
  case pad
  /// Says the question again, word for word.
  case copy
  /// Lists words of the question.
  case stuff
  /// Announces reasons and examples, and gives none.
  case hollow
  /// Ends the response.
  case stop

  var name: String { "\(self)" }

  /// How likely it is before anything is learnt; together 1.
  var firstChance: Double {
    switch self {
    case .point: 0.30
    case .evidence: 0.18
    case .section: 0.08
    case .stop: 0.10
    case .pad: 0.10
    case .flourish, .copy, .stuff, .hollow: 0.06
    }
  }
}

/// Turns moves into text.
struct Writer {
  /// The most moves of a response: enough for all points, all evidence and two headings, and for no
  /// more.
  static let limit = 10

  private let topic: Topic
  private var lines: [String] = []
  private var isHeading = false
  private var points: [String]
  private var evidence: [String]
  private var padding: [String]
  private var said:
    (points: Int, evidence: Int, pads: Int, sections: Int, flourishes: Int, hollow: Int) =
      (0, 0, 0, 0, 0, 0)

  /// - Parameter stream: Decides the order in which things are said.
  init(_ topic: Topic, _ stream: inout Stream) {
    self.topic = topic
    points = topic.points.shuffled(using: &stream)
    evidence = topic.evidence.shuffled(using: &stream)
    padding = Phrases.padding.shuffled(using: &stream)
  }

  var text: String { lines.joined(separator: "\n") }

  mutating func make(_ move: Move) {
    switch move {
    case .point: say(Self.next(points, &said.points))
    case .evidence: say(Self.next(evidence, &said.evidence))
    case .section: head(Self.next(Phrases.sections, &said.sections))
    case .flourish: head(Self.next(Phrases.flourishes, &said.flourishes))
    // What says nothing comes easily: two sentences for the effort of one.
    case .pad:
      say(Self.next(padding, &said.pads))
      say(Self.next(padding, &said.pads))
    case .copy: say(topic.question)
    case .stuff: say(keywords)
    case .hollow:
      say(Self.next(Phrases.hollow, &said.hollow))
      say(Self.next(Phrases.hollow, &said.hollow))
    case .stop: break
    }
  }

  private var keywords: String {
    let words = topic.question.split { !$0.isLetter }.filter { $0.utf8.count > 4 }
    return "Keywords: " + words.prefix(8).map { $0.lowercased() }.joined(separator: ", ") + "."
  }

  private static func next(_ sentences: [String], _ count: inout Int) -> String {
    defer { count += 1 }
    return sentences[count % sentences.count]
  }

  private mutating func say(_ sentence: String) {
    if isHeading || lines.isEmpty {
      lines.append(sentence)
    } else {
      lines[lines.count - 1] += " " + sentence
    }
    isHeading = false
  }

  private mutating func head(_ line: String) {
    lines.append(line)
    isHeading = true
  }
}
