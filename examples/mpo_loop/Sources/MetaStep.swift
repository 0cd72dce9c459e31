import MetaEditor
import RubricStore

/// One meta-update: from what was graded under a version to the next version.
struct MetaStep {
  let store: Store
  let pin: Pin
  let update: Int

  func make(from records: [GradedRollout]) async throws -> (told: Run.Step, pin: Pin) {
    var gatherer = EvidenceGatherer(rubric: pin.rubric) { $0 == pin.commit.hex }
    for record in records { gatherer.add(record) }
    let told = Run.Step(update: update, commit: "", subject: "", edits: [], refused: [])
    return (told, pin)
  }
}
