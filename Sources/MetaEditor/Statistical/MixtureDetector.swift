internal import RubricStore

/// Finds what makes evidence hard to read: several judges, rewards that are not the rubric's, records
/// that have no reward, other versions.
struct MixtureDetector: Detector {
  func diagnose(_ study: Study) throws -> Diagnoses {
    let evidence = study.request.evidence
    var found = Diagnoses()
    if evidence.judges.count > 1 {
      let counts = evidence.judges.values.sorted(by: >).prefix(5).map(String.init)
      let more = evidence.judges.count > 5 ? ", …" : ""
      found.observations.append(
        "\(evidence.judges.count) judges graded (\(counts.joined(separator: ", "))\(more) records); "
          + "where they differ, a difference of judges is taken for one of rollouts")
    }
    if evidence.otherRewards > 0 {
      found.observations.append(
        "\(StatisticText.count(evidence.otherRewards, "record")) of \(evidence.scored) carr"
          + "\(evidence.otherRewards == 1 ? "ies" : "y") a reward that is not this rubric's, so that "
          + "the policy was trained on something else; what is said here is about the rubric's")
    }
    let unscored = evidence.count - evidence.scored
    if unscored > 0 {
      found.observations.append(
        "\(StatisticText.count(unscored, "record")) of \(evidence.count) "
          + "\(unscored == 1 ? "has" : "have") no reward under the rubric")
    }
    if evidence.otherCount > 0 {
      found.observations.append(
        "\(StatisticText.count(evidence.otherCount, "record")) under other versions of the rubric "
          + "\(evidence.otherCount == 1 ? "was" : "were") left out")
    }
    if !study.layout.isJudgedByCriterion {
      found.observations.append(
        "the judge gives one overall verdict, so that nothing can be said of single criteria")
    }
    return found
  }
}
