import RubricStore
import Testing

/// A group's words are not read as part of the criterion before it.
@Suite struct GroupHeadingTests {
  private static func prompt(title: String, text: String) -> String {
    var group = Criterion(id: "style", title: title, text: text)
    group.criteria = [Criterion(id: "words", text: "Are the words exact?")]
    var rubric = Rubric(id: "essay", criteria: [Criterion(id: "flow", text: "Flow?"), group])
    rubric.judge.mode = .oneCall
    return rubric.prompt()
  }

  @Test func aTextOfOneLineIsTheHeadingWhereThereIsNoTitle() {
    let prompt = Self.prompt(title: "", text: "These are about style.")
    #expect(prompt.contains("\n\n## These are about style.\n\n### `words`\n\n"))
  }

  @Test func aTitleIsTheHeadingAndTheTextStandsBelow() {
    let prompt = Self.prompt(title: "Style", text: "These are about style.")
    #expect(prompt.contains("\n\n## Style\n\nThese are about style.\n\n### `words`\n\n"))
  }
}
