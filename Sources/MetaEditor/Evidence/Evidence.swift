public import RubricStore

/// What a policy did under one rubric, and how it was graded: counts of everything, and a sample.
///
/// Only rollouts that were graded under this very rubric are in it; those of other versions are
/// counted apart and never mixed in. It holds at most ``Settings/sample`` rollouts, so that a
/// stream of any length fits in memory. Which ones, their names decide and not their order.
///
/// - SeeAlso: SPEC.md §13.
public struct Evidence: Sendable {
  /// How much is kept.
  public struct Settings: Hashable, Sendable {
    /// The most rollouts that are kept whole, 1 or more.
    public var sample: Int
    /// The most bytes of UTF-8 kept of a prompt and of a response, each.
    public var textBytes: Int

    /// Creates settings.
    public init(sample: Int = 4_096, textBytes: Int = 16_384) {
      self.sample = max(1, sample)
      self.textBytes = max(0, textBytes)
    }
  }

  /// The rubric that the rollouts were graded by.
  public let rubric: Rubric
  /// The records under this rubric, kept in the sample or not.
  public internal(set) var count = 0
  /// Of those, how many have a reward under the rubric.
  public internal(set) var scored = 0
  /// Of those, how many carry a trainer's reward that is not the rubric's.
  public internal(set) var otherRewards = 0
  /// What the judge answered, by criterion: over all records, not only the sample.
  public internal(set) var tallies: [CriterionID: VerdictTally] = [:]
  /// Records under other versions, by what they name as their rubric; at most ``versionLimit`` names.
  public internal(set) var otherVersions: [String: Int] = [:]
  /// All records under other versions.
  public internal(set) var otherCount = 0
  /// The judges that graded, by their stamps, with how many records each; at most ``versionLimit``.
  public internal(set) var judges: [JudgeStamp: Int] = [:]
  /// The rollouts that are kept, in an order that their names decide and that has nothing to do with
  /// what they are.
  public internal(set) var sample: [SampledRollout] = []
  /// How many rollouts with a trusted score were taken out of the sample, to be held out from whoever
  /// this evidence is given to.
  public internal(set) var heldOut = 0
  /// The SHA-256 of the lines that were read, each with a line feed, in hexadecimal digits; empty
  /// where the records did not come from lines.
  public internal(set) var digest = ""

  /// The most names of versions and of judges that are told apart.
  public static let versionLimit = 100

  init(rubric: Rubric) { self.rubric = rubric }
}

/// What the judge answered for one criterion.
public struct VerdictTally: Hashable, Sendable {
  /// Verdicts with a value in the scale.
  public internal(set) var values = 0
  /// Verdicts that the criterion does not apply.
  public internal(set) var notApplicable = 0
  /// Verdicts of a judge that failed.
  public internal(set) var errors = 0
  /// Verdicts with a value out of the scale.
  public internal(set) var invalid = 0
  /// Records without a verdict.
  public internal(set) var missing = 0
  /// Of the values, those at the scale's highest verdict.
  public internal(set) var atTop = 0
  /// Of the values, those at the scale's lowest verdict.
  public internal(set) var atBottom = 0
  /// Of the values, those that do not reach the criterion's gate; 0 without a gate.
  public internal(set) var belowGate = 0

  /// All records.
  public var total: Int { values + notApplicable + errors + invalid + missing }
}

/// A graded rollout that is kept, with what was worked out when it was read.
public struct SampledRollout: Sendable {
  /// The record; prompt and response may be cut to ``Evidence/Settings/textBytes``.
  public var record: GradedRollout
  /// What it is worth under the rubric.
  public var score: Score
  /// What the response looks like from outside, over its full text.
  public var surface: SurfaceFeatures
  /// A number that its name decides, evenly spread.
  let key: UInt64

  /// The reward under the rubric, nil where there is none.
  public var reward: Double? { score.reward }
  /// The trusted score, where there is one.
  public var gold: Double? { record.rollout.gold }

  /// A number in 0..<1 that the rollout's name decides, for splits that stay the same.
  ///
  /// It says nothing about ``key``: which rollouts are kept must not decide which are held out.
  public var position: Double {
    var random = SplitMix64(seed: key)
    return random.unit()
  }
}
