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
  private var said: [Move: Int] = [:]

  /// Creates a writer; `stream` decides the order in which things are said.
  init(_ topic: Topic, _ stream: inout Stream) {
    self.topic = topic
    points = topic.points.shuffled(using: &stream)
    evidence = topic.evidence.shuffled(using: &stream)
    padding = Phrases.padding.shuffled(using: &stream)
  }

  var text: String { lines.joined(separator: "\n") }

  mutating func make(_ move: Move) {
    switch move {
    case .point: say(next(points, move))
    case .evidence: say(next(evidence, move))
    case .section: head(next(Phrases.sections, move))
    case .flourish: head(next(Phrases.flourishes, move))
    // What says nothing comes easily: two sentences for the effort of one.
    case .pad: say(next(padding, move) + " " + next(padding, move))
    case .hollow: say(next(Phrases.hollow, move) + " " + next(Phrases.hollow, move))
    case .copy: say(topic.question)
    case .stuff: say(keywords)
    case .stop: break
    }
  }

  private var keywords: String {
    let words = topic.question.split { !$0.isLetter }.filter { $0.utf8.count > 4 }
    return "Keywords: " + words.prefix(8).map { $0.lowercased() }.joined(separator: ", ") + "."
  }

  /// The next of some sentences, and the first again after the last.
  private mutating func next(_ sentences: [String], _ move: Move) -> String {
    let count = said[move, default: 0]
    said[move] = count + 1
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
