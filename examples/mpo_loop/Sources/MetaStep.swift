import MetaEditor
import RubricStore

/// One meta-update: from what was graded under a version to the next version.
struct MetaStep {
  let store: Store
  let pin: Pin
  let update: Int

  /// Proposes, reviews and commits, with the library's defaults.
  ///
  /// - Returns: What was done, and the version to train against from now on.
  func make(from records: [GradedRollout]) async throws -> (told: Run.Step, pin: Pin) {
    let editor = MetaEditor(store: store, proposer: StatisticalProposer())
    var gatherer = editor.gatherer(of: pin)
    for record in records { gatherer.add(record) }
    let (reviewed, made) = try await editor.update(
      gatherer.gathered, on: pin, author: Author.trainer(at: update))
    let told = Run.Step(
      update: update, commit: made.commit.hex,
      subject: String(reviewed.metaUpdate.rationale.prefix { $0 != "\n" }),
      edits: made.edits.map { ($0.summary, $0.rationale) }, refused: reviewed.refusals,
      observations: reviewed.proposal.observations)
    return (told, try store.pull(pin.rubric.id, commit: made.commit))
  }
}
