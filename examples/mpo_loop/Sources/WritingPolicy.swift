import Glibc

/// A writer that learns: for each kind of question and each part of a response a softmax over moves,
/// trained by policy gradient (Williams 1992) with the batch's mean as baseline.
///
/// A penalty on the divergence from where it began keeps it from forgetting moves altogether, as is
/// done when language models are trained.
struct WritingPolicy: Sendable {
  struct Settings: Sendable {
    var rate = 0.15
    /// How much of a nat of divergence from the start costs, in standard deviations of reward.
    var divergence = 0.02
  }

  /// A response, and how it came about.
  struct Sample: Sendable {
    var topic: Topic
    var text: String
    fileprivate(set) var moves: [(part: Int, move: Move)]
  }

  private static let parts = 4
  private let settings: Settings
  private let start: [Double]
  private var logits: [[Double]]

  /// At the start it writes passably and knows every trick, as a model does that was taught by
  /// examples.
  init(_ settings: Settings = Settings()) {
    self.settings = settings
    start = Move.allCases.map { log($0.firstChance) }
    logits = Array(repeating: start, count: Topic.Kind.allCases.count * Self.parts)
  }

  /// Writes a response.
  func write(on topic: Topic, _ stream: inout Stream) -> Sample {
    var writer = Writer(topic, &stream)
    var moves: [(part: Int, move: Move)] = []
    while moves.count < Writer.limit {
      let part = Self.part(topic.kind, moves.count)
      let move = Self.pick(Self.softmax(logits[part]), &stream)
      // An empty response is none.
      if move == .stop, moves.isEmpty { continue }
      moves.append((part, move))
      if move == .stop { break }
      writer.make(move)
    }
    return Sample(topic: topic, text: writer.text, moves: moves)
  }

  /// Learns from a batch.
  mutating func learn(_ batch: [(sample: Sample, reward: Double)]) {
    guard !batch.isEmpty else { return }
    var gradient = logits.map { $0.map { _ in 0.0 } }
    for kind in Topic.Kind.allCases {
      let group = batch.filter { $0.sample.topic.kind == kind }
      guard group.count > 1 else { continue }
      let mean = group.reduce(0) { $0 + $1.reward } / Double(group.count)
      let variance =
        group.reduce(0) { $0 + ($1.reward - mean) * ($1.reward - mean) } / Double(group.count)
      let spread = sqrt(variance) + 1e-3
      for (sample, reward) in group {
        let advantage = (reward - mean) / spread
        for (part, move) in sample.moves {
          let chances = Self.softmax(logits[part])
          for (index, chance) in chances.enumerated() {
            let score = (index == move.rawValue ? 1 : 0) - chance
            gradient[part][index] += advantage * score / Double(group.count)
          }
        }
      }
    }
    for part in logits.indices {
      let chances = Self.softmax(logits[part])
      let surprises = zip(chances, start).map { log(max($0, 1e-12)) - $1 }
      let divergence = zip(chances, surprises).reduce(0) { $0 + $1.0 * $1.1 }
      for index in chances.indices {
        let pull = chances[index] * (surprises[index] - divergence)
        logits[part][index] +=
          settings.rate * gradient[part][index] - settings.divergence * pull
      }
    }
  }

  /// How likely each move is now, over all kinds of questions, in the body of a response.
  var habits: [Double] {
    let bodies = Topic.Kind.allCases.map { Self.softmax(logits[Self.part($0, 3)]) }
    return Move.allCases.indices.map { index in
      bodies.reduce(0) { $0 + $1[index] } / Double(bodies.count)
    }
  }

  private static func part(_ kind: Topic.Kind, _ position: Int) -> Int {
    kind.rawValue * parts + (position == 0 ? 0 : position < 4 ? 1 : position < 7 ? 2 : 3)
  }

  private static func pick(_ chances: [Double], _ stream: inout Stream) -> Move {
    var rest = stream.uniform()
    for (move, chance) in zip(Move.allCases, chances) {
      rest -= chance
      if rest < 0 { return move }
    }
    return .stop
  }

  private static func softmax(_ logits: [Double]) -> [Double] {
    let top = logits.max() ?? 0
    let powers = logits.map { exp($0 - top) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
