import MetaEditor
import RubricStore
import Synchronization
import Testing

/// A model that says what it is told to, in turn.
private final class Parrot: ChatModel {
  let name = "parrot"
  private let replies: [ChatReply]
  private let asked = Mutex<[ChatRequest]>([])

  init(_ replies: ChatReply...) { self.replies = replies }

  convenience init(_ text: String, _ second: String = "no", isCut: Bool = false) {
    self.init(
      ChatReply(text: text, model: "p", isCut: isCut, promptTokens: 5, completionTokens: 2),
      ChatReply(text: second, model: "p", promptTokens: 9))
  }

  var requests: [ChatRequest] { asked.withLock { $0 } }

  func ask(_ request: ChatRequest) async throws -> ChatReply {
    let number = asked.withLock { asked in
      asked.append(request)
      return asked.count - 1
    }
    return replies[min(number, replies.count - 1)]
  }
}

@Suite struct StructuredAnswerTests {
  private let schema: JSONValue = [
    "type": "object",
    "properties": ["score": ["type": "integer", "minimum": 0, "maximum": 5]],
    "required": ["score"], "additionalProperties": false,
  ]

  private func answer(_ text: String, isCut: Bool = false) async throws -> StructuredAnswer {
    try await Parrot(text, isCut: isCut).answer(.question(schema: schema))
  }

  @Test(arguments: [
    #"{"score":4}"#, " \n{\"score\": 4}\n ", "\u{FEFF}{\"score\":4}", "```json\n{\"score\":4}\n```",
    "```\n{\"score\":4}\n```", "Here it is:\n{\"score\":4}\nI hope that helps [1].",
    "<think>maybe {\"score\":1}?</think>{\"score\":4}", "{\"score\":4} {\"score\":4}",
    "{\"score\":4.0}", "I think {this} is {\"score\":4}",
    "The rollout said {\"full_marks\":true}, so: {\"score\":4}",
  ]) func findsTheJSON(_ text: String) async throws {
    let found = try await answer(text)
    #expect(found.value["score"] == 4 || found.value["score"] == 4.0)
    #expect(!found.isRepaired)
    #expect(found.reply.promptTokens == 5)
  }

  @Test func aBraceInsideTextIsText() async throws {
    let schema: JSONValue = ["type": "object", "required": ["why"]]
    let found = try await Parrot(#"ok: {"why":"a } and \" { ["}"#)
      .answer(.question(schema: schema))
    #expect(found.value["why"] == "a } and \" { [")
  }

  @Test func controlCharactersAreReplaced() async throws {
    let schema: JSONValue = ["type": "object", "required": ["why"]]
    let found = try await Parrot("{\"why\":\"a\nb\\u0000c\"}").answer(.question(schema: schema))
    #expect(found.value["why"]?.string?.hasPrefix("a") == true)
    #expect(found.value["why"]?.string?.hasSuffix("c") == true)
  }

  /// Each with what the reason must name.
  @Test(arguments: [
    ("", "empty"), (" \n\t", "empty"), ("I would say four.", "no JSON"),
    ("<!DOCTYPE html><p>{\"score\":4}", "web page"), (#"{"score":"#, "no JSON"),
    (#"{"score":9}"#, "at most 5"), (#"{"score":"4"}"#, "a whole number"),
    (#"{"score":4,"x":1}"#, "`x`"), ("{}", "no `score`"), ("4", "an object"), ("null", "an object"),
    (#"{"score":4} or {"score":5}"#, "2 different JSON values"),
    (#"{"score":7} or {"score":8}"#, "2 JSON values, and none"),
    (#"{"score":1e999}"#, "JSON"), (#"{"score":4,"score":5}"#, "score"),
  ]) func saysWhatIsWrong(_ text: String, _ reason: String) async throws {
    let model = Parrot(text, text)
    let error = await #expect(throws: ProposerError(.unusable, "")) {
      try await model.answer(.question(schema: schema))
    }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
    #expect(model.requests.count == 2)
    #expect(model.requests[1].messages.last?.content.contains(reason) == true)
  }

  @Test(arguments: ["", "{\"score\"", "some words"])
  func saysThatItWasCut(_ text: String) async throws {
    let model = Parrot(text, isCut: true)
    _ = try? await model.answer(.question(schema: schema))
    #expect(model.requests[1].messages.last?.content.contains("was cut") == true)
    #expect(model.requests[1].messages.last?.content.contains("Be shorter") == true)
  }

  @Test func takesACutAnswerThatIsWhole() async throws {
    #expect(try await answer(#"{"score":4}"#, isCut: true).value["score"] == 4)
  }

  @Test func repairsOnce() async throws {
    let model = Parrot(#"{"score":9}"#, #"{"score":5}"#)
    let request = ChatRequest.question(schema: schema)
    let found = try await model.answer(request)
    #expect(found.value["score"] == 5)
    #expect(found.isRepaired)
    #expect(found.reply.promptTokens == 14)
    #expect(found.reply.completionTokens == 2)
    let second = model.requests[1]
    #expect(Array(second.messages.prefix(2)) == request.messages)
    #expect(second.messages.count == 4)
    #expect(second.messages[2] == ChatMessage(.assistant, #"{"score":9}"#))
    #expect(second.messages[3].content.contains(schema.jsonText))
    #expect(second.schema == schema)
  }

  @Test func asksTheCallerToo() async throws {
    let model = Parrot(#"{"score":1}"#, #"{"score":2}"#)
    let found = try await model.answer(.question(schema: schema)) { value in
      value["score"] == 1 ? ["one is not enough"] : []
    }
    #expect(found.value["score"] == 2)
    #expect(model.requests[1].messages.last?.content.contains("- one is not enough") == true)
  }

  @Test func theCallerSeesOnlyWhatKeepsTheSchema() async throws {
    let seen = Collected<JSONValue>()
    _ = try? await Parrot(#"{"score":9}"#, "{}").answer(.question(schema: schema)) { value in
      seen.add(value)
      return []
    }
    #expect(seen.all.isEmpty)
  }

  @Test func withoutASchemaAnyJSONWillDo() async throws {
    #expect(try await Parrot("[1]").answer(.question()).value == [1])
    #expect(try await Parrot("4").answer(.question()).value == 4)
  }

  @Test func tenMegabytesAreNotRead() async throws {
    let text = String(repeating: "{\"score\":4}", count: 1 << 20)
    let model = Parrot(text, #"{"score":3}"#)
    let found = try await model.answer(.question(schema: schema))
    #expect(found.value["score"] == 3)
    #expect(found.isRepaired)
    // What is sent back is cut.
    #expect(model.requests[1].messages[2].content.utf8.count < 10_000)
    #expect(model.requests[1].messages[3].content.contains("11534336 bytes"))
  }

  @Test func manyBracesAreNotTriedForEver() async throws {
    for text in [
      String(repeating: "{", count: 1 << 19), String(repeating: "[", count: 1 << 19),
      String(repeating: "{\"a\":", count: 1 << 17), String(repeating: "{}", count: 1 << 19),
    ] {
      await #expect(throws: ProposerError(.unusable, "")) {
        try await Parrot(text, text).answer(.question(schema: schema))
      }
    }
  }

  @Test func whatIsCutIsCutBetweenCharacters() async throws {
    let model = Parrot(String(repeating: "é", count: 100_000))
    _ = try? await model.answer(.question(schema: schema))
    let said = try #require(model.requests.last?.messages[2].content)
    #expect(!said.contains("\u{FFFD}"))
    #expect(said.hasSuffix("é […]"))
  }

  @Test func anErrorOfTheModelIsPassedOn() async throws {
    struct Broken: ChatModel {
      let name = "broken"
      func ask(_ request: ChatRequest) async throws -> ChatReply {
        throw ProposerError(.exhausted, "over")
      }
    }
    await #expect(throws: ProposerError(.exhausted, "")) {
      try await Broken().answer(.question(schema: schema))
    }
  }
}
