internal import RubricStore

/// What is wrong with a criterion, by how much it matters.
enum Concern: Int, Comparable, Sendable {
  case failing, gaming, disagreeing, superficial, gated, redundant, constant, saturated, recovered

  static func < (left: Concern, right: Concern) -> Bool { left.rawValue < right.rawValue }
}

/// What helps, as far as it can be done without words of a model.
enum Remedy: Hashable, Sendable {
  /// Lets it count less, and in the end no longer.
  case lessen
  /// Gives it this weight, which is lower.
  case weigh(Double)
  /// Tells the judge a reason to score lower.
  case tighten(String)
  /// Keeps it judged, no longer counted.
  case setAside
  /// Gives the judge more verdicts to choose from.
  case rescale(Scale)
  /// Puts a level on top.
  case addLevel(PlacedLevel)
  /// Stops fewer rollouts.
  case relax(Gate)
  /// Lets it count again.
  case activate
}

/// Something that is wrong with a criterion, what helps, and what shows it.
struct Diagnosis: Sendable {
  var criterion: CriterionID
  var concern: Concern
  /// How strong the effect is: what is larger is mended first.
  var strength: Double
  var remedy: Remedy
  /// What was found, in a sentence with the statistic and without a full stop.
  var reason: String
  /// The rows behind it, those that show it best first.
  var rows: [Int]
  /// How well it agrees with the trusted score, where that is known.
  var agreement: Double?
}

/// What one detector found.
struct Diagnoses: Sendable {
  var items: [Diagnosis] = []
  /// Findings that no edit follows from, a sentence each without a full stop.
  var observations: [String] = []

  mutating func add(_ other: Diagnoses) {
    items += other.items
    observations += other.observations
  }
}

/// Looks for one kind of trouble.
protocol Detector: Sendable {
  /// Finds it.
  ///
  /// - Throws: `CancellationError`.
  func diagnose(_ study: Study) throws -> Diagnoses
}
