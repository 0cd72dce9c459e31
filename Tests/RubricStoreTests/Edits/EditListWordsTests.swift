import RubricStore
import Testing

/// What a list of edits says when it cannot be made.
@Suite struct EditListWordsTests {
  private static func rubric() throws -> Rubric {
    try Rubric(
      parsing: """
        schema: rubric/1
        id: essay
        criteria:
          - id: flow
            text: Do the ideas follow?
            lower_when: [a title]
            scale: {numeric: {min: 0, max: 5, step: 1}}
            gate: {min: 2, effect: veto}
        """)
  }

  private static func failure(_ text: String) throws -> EditList.Failure? {
    let rubric = try rubric()
    do throws(EditList.Failure) {
      let list = try EditList(parsing: Array(text.utf8), for: rubric)
      _ = try? rubric.applying(list.edits)
      return nil
    } catch {
      return error
    }
  }

  /// An id that nobody has is told as such, not as a `before` that is missing.
  @Test func unknownCriterion() throws {
    guard case .edit(let error)? = try Self.failure("- {op: reweight, id: flwo, after: 2}") else {
      Issue.record("expected an error of the edit")
      return
    }
    #expect(error.code == .unknownCriterion)
    #expect(error.index == 0)
    #expect(error.hint == "did you mean `flow`?")
  }

  /// An edit may be of a criterion that an edit before it adds.
  @Test func criterionOfAnEarlierEdit() throws {
    let failure = try Self.failure(
      """
      - {op: add, after: {criterion: {id: facts, text: Is it true?}}}
      - {op: reweight, id: facts, after: 2}
      """)
    #expect(failure == nil)
  }

  /// A relaxation that tightens is answered in words about relaxing.
  @Test(arguments: [
    (
      "{gate: {min: 3, effect: veto}}",
      "a relaxation clears a gate or lowers it, and a veto is stricter than a cap"
    ),
    (
      "{lower_when: [a title, a list]}",
      "a relaxation takes reasons to score lower away, and adds none"
    ),
    ("{lower_when: [a title]}", "a relaxation changes something"),
  ])
  func relaxation(_ after: String, _ message: String) throws {
    let text = "- {op: relax, id: flow, after: \(after)}"
    guard case .edit(let error)? = try Self.failure(text) else {
      Issue.record("expected an error of the edit")
      return
    }
    #expect(error.code == .invalidEdit)
    #expect(error.message == message)
    #expect(error.hint?.contains("`relax`") == false)
  }
}
