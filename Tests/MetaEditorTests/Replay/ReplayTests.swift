import Foundation
import MetaEditor
import RubricStore
import Testing

/// What carries over from one version to another, and what does not.
@Suite struct ReplayTests {
  private static let old = Rubric(
    id: "r",
    criteria: [
      Criterion(id: "a", text: "A?"),
      .numeric("b", max: 4),
      .numeric("c", max: 4),
    ])
  private static let verdicts: [CriterionID: Verdict] = ["a": 1, "b": 2, "c": 4].mapValues {
    Verdict.value($0)
  }
  private static let judgement = Judgement(rollout: "r1", verdicts: verdicts)

  private func replay(
    _ change: (inout Rubric) -> Void, assumesHeld: Bool = false,
    rejudged: [CriterionID: Verdict] = [:], judgement: Judgement = Self.judgement
  ) throws -> (rollout: ReplayedRollout, report: ReplayReport) {
    var new = Self.old
    change(&new)
    var replay = Replay(
      from: Self.old, to: new, settings: Replay.Settings(assumesHeld: assumesHeld))
    let rollout = try replay.adding(judgement, rejudged: rejudged)
    return (rollout, replay.report)
  }

  private func isNear(_ left: Double?, _ right: Double) -> Bool {
    left.map { ($0 - right).magnitude < 1e-12 } ?? false
  }

  @Test func aReweightIsScoredAgain() throws {
    let (rollout, report) = try replay { $0.criteria[0].weight = 2 }
    #expect(isNear(rollout.before, 2.5 / 3))
    #expect(isNear(rollout.after, 3.5 / 4))
    #expect(rollout.rejudge.isEmpty && rollout.basis == .verdicts)
    #expect(report.comparability == .recompute)
    #expect(report.replayed == 1 && report.rose == 1 && report.pairs == 0)
    #expect(isNear(report.worstShift, 0.875 - 2.5 / 3))
  }

  /// The verdict on what is gone is no reason for having no reward.
  @Test func aCriterionThatIsGone() throws {
    let (rollout, _) = try replay { $0.criteria.remove(at: 2) }
    #expect(isNear(rollout.after, 0.75))
    #expect(rollout.unscorableAfter.isEmpty)
    let (grouped, _) = try replay { rubric in
      var group = rubric.criteria[2]
      group.criteria = [Criterion(id: "d", text: "D?")]
      group.scale = .binary
      rubric.criteria[2] = group
    }
    #expect(grouped.rejudge == ["d"])
    #expect(grouped.after == nil && grouped.unscorableAfter.isEmpty)
  }

  @Test func aNewWordingIsNotGuessed() throws {
    let (rollout, report) = try replay { $0.criteria[1].text = "Other?" }
    #expect(rollout.before != nil && rollout.after == nil)
    #expect(rollout.rejudge == ["b"])
    #expect(rollout.unscorableAfter.isEmpty, "it waits, and nothing else is wrong")
    #expect(report.pairs == 1 && report.rejudged == 1 && report.replayed == 0)
    #expect(report.unscorableAfter == [ReplayReport.rejudge: 1])
    #expect(report.meanBefore == nil && report.rankCorrelation == nil && report.shifts == nil)
  }

  @Test func thePolicyForMissingVerdictsHolds() throws {
    let (excluded, report) = try replay {
      $0.criteria[1].text = "Other?"
      $0.aggregation.missing = .exclude
    }
    #expect(isNear(excluded.after, 1))
    #expect(excluded.basis == .policy && excluded.rejudge == ["b"])
    #expect(report.provisional == 1 && report.estimated == 0 && report.pairs == 1)
    let (worst, _) = try replay {
      $0.criteria[1].text = "Other?"
      $0.aggregation.missing = .worst
    }
    #expect(isNear(worst.after, 2.0 / 3))
  }

  /// What a reward does not depend on need not be there for it, and is still to be judged.
  @Test func aDiagnosticCriterionDoesNotBlock() throws {
    let (rollout, report) = try replay {
      $0.criteria[1].text = "Other?"
      $0.criteria[1].status = .diagnostic
    }
    #expect(isNear(rollout.after, 1))
    #expect(rollout.basis == .verdicts && rollout.rejudge == ["b"])
    #expect(report.provisional == 0)
  }

  @Test func verdictsAreAssumedToHoldWhereTheyFit() throws {
    let (held, report) = try replay({ $0.criteria[1].text = "Other?" }, assumesHeld: true)
    #expect(isNear(held.after, 2.5 / 3))
    #expect(held.basis == .held && held.rejudge == ["b"])
    #expect(report.estimated == 1 && report.pairs == 1 && report.same == 1)
    // 2 of 4 is not 2 of 10, though it is on that scale.
    let (rescaled, _) = try replay(
      { $0.criteria[1] = .numeric("b", max: 10) }, assumesHeld: true)
    #expect(rescaled.after == nil && rescaled.basis == .verdicts)
    // Same ends, but no such verdict.
    let (levels, _) = try replay(
      { $0.criteria[1].scale = .levels([Level(value: 0), Level(value: 3), Level(value: 4)]) },
      assumesHeld: true)
    #expect(levels.after == nil)
    // Nothing to hold for what is new, or for a judge that failed.
    let (added, _) = try replay(
      { $0.criteria.append(Criterion(id: "new", text: "New?")) }, assumesHeld: true)
    #expect(added.after == nil && added.rejudge == ["new"])
    var failed = Self.judgement
    failed.verdicts["b"] = .error("timeout")
    let (error, _) = try replay(
      { $0.criteria[1].text = "Other?" }, assumesHeld: true, judgement: failed)
    #expect(error.before == nil && error.after == nil && error.basis == .verdicts)
  }

  @Test func whatWasJudgedAgainIsTaken() throws {
    let change = { (rubric: inout Rubric) in rubric.criteria[1].text = "Other?" }
    let (rollout, report) = try replay(change, rejudged: ["b": .value(4), "c": .value(0)])
    #expect(isNear(rollout.after, 1), "only what had to be asked again is taken")
    #expect(rollout.rejudge.isEmpty && report.pairs == 0 && report.replayed == 1)
    // A judge that failed again is asked again.
    let (failed, failedReport) = try replay(change, rejudged: ["b": .error("timeout")])
    #expect(failed.after == nil && failed.rejudge == ["b"])
    #expect(failed.unscorableAfter.map(\.code) == [.judgeError])
    #expect(failedReport.unscorableAfter == [.judgeError: 1, ReplayReport.rejudge: 1])
  }

  @Test(arguments: [false, true]) func nothingIsCarriedToAnotherJudge(_ assumesHeld: Bool) throws {
    for missing in [Aggregation.MissingPolicy.error, .exclude, .worst] {
      let change = { (rubric: inout Rubric) in
        rubric.judge.model = "other"
        rubric.aggregation.missing = missing
      }
      let (rollout, report) = try replay(change, assumesHeld: assumesHeld)
      #expect(rollout.before != nil && rollout.after == nil)
      #expect(rollout.rejudge == ["a", "b", "c"])
      #expect(report.comparability == .incomparable && report.replayed == 0 && report.pairs == 3)
      #expect(report.unscorableAfter == [ReplayReport.rejudge: 1])
      let (part, _) = try replay(change, rejudged: ["a": .value(0)])
      #expect(part.after == nil && part.rejudge == ["b", "c"])
      let (whole, _) = try replay(change, rejudged: Self.verdicts.mapValues { _ in .value(0) })
      #expect(whole.after == 0 && whole.rejudge.isEmpty)
    }
  }

  @Test func aHolisticJudgeGivesOneVerdict() throws {
    var old = Self.old
    old.judge.mode = .holistic
    var new = old
    new.preamble = "Be strict."
    var replay = Replay(from: old, to: new)
    let rollout = replay.add(Judgement(rollout: "r1", verdicts: ["r": .value(0.5)]))
    #expect(rollout?.before == 0.5 && rollout?.after == nil && rollout?.rejudge == ["r"])
    let again = replay.add(
      Judgement(rollout: "r1", verdicts: ["r": .value(0.5)]), rejudged: ["r": .value(0.25)])
    #expect(again?.after == 0.25 && again?.shift == -0.25)
  }

  @Test func versionsAreToldApart() throws {
    var new = Self.old
    new.criteria[1].text = "Other?"
    var replay = Replay(from: Self.old, to: new) { stamp in
      switch stamp {
      case "old": .before
      case "new": .after
      default: .other
      }
    }
    func judgement(_ stamp: String?) -> Judgement {
      Judgement(rollout: "r1", rubric: stamp, verdicts: Self.verdicts)
    }
    for stamp in ["x", "y", "x"] {
      let other = replay.add(judgement(stamp))
      #expect(other == nil)
    }
    for stamp in ["old", nil] {
      let rollout = try replay.adding(judgement(stamp))
      #expect(rollout.rejudge == ["b"])
    }
    // Under the newer version nothing is open; under the older one the new verdict says nothing.
    let own = try replay.adding(judgement("new"))
    #expect(own.rejudge.isEmpty && isNear(own.after, 2.5 / 3) && own.before == nil)
    let report = replay.report
    #expect(report.count == 3 && report.unstamped == 1 && report.judgedAfter == 1)
    #expect(report.otherCount == 3 && report.otherVersions == ["x": 2, "y": 1])
    #expect(report.pairs == 2 && report.rejudged == 2)
    #expect(report.unscorableBefore == [ReplayReport.rejudge: 1])
    #expect(report.unscorableAfter == [ReplayReport.rejudge: 2])
  }

  @Test func whatIsAskedAlike() {
    var other = Self.old
    other.title = "For people"
    other.criteria[0].weight = 7
    #expect(other.asksLike(Self.old) && Self.old.asksLike(other))
    other.criteria.removeLast()
    #expect(!other.asksLike(Self.old) && !Self.old.asksLike(other))
    other = Self.old
    other.preamble = "!"
    #expect(!other.asksLike(Self.old))
  }

  @Test func reasonsAreCounted() throws {
    var replay = Replay(from: Self.old, to: Self.old)
    replay.add(Judgement(rollout: "1", verdicts: [:]))
    replay.add(
      Judgement(rollout: "2", verdicts: ["a": .value(9), "b": .error("x"), "d": .value(1)]))
    let reasons: [Unscorable.Code: Int] = [
      .missing: 2, .invalidValue: 1, .judgeError: 1, .unknownCriterion: 1,
    ]
    #expect(replay.report.unscorableBefore == reasons)
    #expect(replay.report.unscorableAfter == reasons)
    #expect(replay.report.replayed == 0)
  }
}

extension Criterion {
  fileprivate static func numeric(_ id: CriterionID, max: Double) -> Criterion {
    var criterion = Criterion(id: id, text: "\(id)?")
    criterion.scale = .numeric(NumericRange(min: 0, max: max, step: 1), levels: [])
    return criterion
  }
}

extension Replay {
  /// Adds a judgement that is not of another version.
  mutating func adding(
    _ judgement: Judgement, rejudged: [CriterionID: Verdict] = [:]
  ) throws -> ReplayedRollout {
    let rollout = add(judgement, rejudged: rejudged)
    return try #require(rollout)
  }
}
