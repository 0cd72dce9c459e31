internal import RubricStore

/// Tells what an edit takes word for word from a rollout.
///
/// A rubric is for rollouts that nobody has seen yet. What stands in one of them does not belong into
/// it, least of all an order to whoever grades.
struct RolloutQuotes {
  /// The fewest words in a row that are a quote.
  static let words = 8

  private var runs: [[String]: String] = [:]

  /// - Parameters:
  ///   - rollouts: The rollouts that the model was shown.
  ///   - rubric: The rubric; what it says itself is no quote.
  init(_ rollouts: [ShownRollout], _ rubric: Rubric) {
    let own = Set(Self.runs(of: rubric.prompt()))
    for rollout in rollouts {
      var texts = [rollout.record.rollout.response]
      // A rubric for one prompt speaks of what the prompt asks for.
      if rubric.subject.granularity != .instance { texts.append(rollout.record.rollout.prompt) }
      for run in texts.flatMap(Self.runs) where !own.contains(run) && runs[run] == nil {
        runs[run] = rollout.name
      }
    }
  }

  /// The rollout that an edit quotes, with the words; nil where it quotes none.
  func quote(in kind: ModelEdit.Kind) -> (rollout: String, words: String)? {
    for text in Self.texts(of: kind) {
      for run in Self.runs(of: text) {
        if let rollout = runs[run] { return (rollout, run.joined(separator: " ")) }
      }
    }
    return nil
  }

  private static func runs(of text: String) -> [[String]] {
    let all = SeriesWords.words(text)
    guard all.count >= words else { return [] }
    return (0...all.count - words).map { Array(all[$0..<$0 + words]) }
  }

  /// The texts that an edit puts into the rubric; examples are taken from rollouts on purpose.
  private static func texts(of kind: ModelEdit.Kind) -> [String] {
    switch kind {
    case .tighten(_, let reasons, let levels): reasons + levels.map(\.text)
    case .reword(_, let text): [text]
    case .addLevel(_, let level), .editLevel(_, let level): [level.text]
    case .add(let new): [new.naming.title, new.naming.text] + new.levels.map(\.text)
    case .merge(_, let naming): [naming.title, naming.text]
    case .split(_, let parts): parts.flatMap { [$0.title, $0.text] }
    case .relax, .reweight, .addExample, .remove, .activate, .deactivate, .setGate, .clearGate,
      .noChange:
      []
    }
  }
}
