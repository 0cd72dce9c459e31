import RubricStore
import Testing

@Suite("Documents in JSON")
struct DocumentReaderTests {
  private func rubric(_ text: String) throws -> Rubric {
    try Rubric(parsing: #"{"schema":"rubric/1","id":"r","criteria":[{"id":"a","text":\#(text)}]}"#)
  }

  @Test("What JSON allows and YAML does not, or reads otherwise")
  func onlyJSON() throws {
    #expect(try rubric(#""\ud83d\ude00""#).criteria[0].text == "😀")
    for character in ["\u{85}", "\u{2028}", "\u{2029}"] {
      let read = try rubric("\"a\(character)b\"").criteria[0].text
      #expect(read.unicodeScalars.elementsEqual("a\(character)b".unicodeScalars))
    }
  }

  @Test("A mapping in braces that is no JSON is YAML")
  func flow() throws {
    #expect(try rubric("'it''s' # a remark\n").criteria[0].text == "it's")
    #expect(try rubric("\"a\tb\"").criteria[0].text == "a\tb")
    let findings = Rubric.findings(in: Array("{schema: rubric/1, id: r".utf8))
    #expect(findings.map(\.code) == [.syntax])
  }

  @Test("Faults of JSON are told once, with their place")
  func faults() throws {
    let text = "{\"schema\":\"rubric/1\",\"id\":\"r\",\n\"id\":\"\\ud83d\\ude00\",\"criteria\":[]}"
    let findings = Rubric.findings(in: Array(text.utf8))
    #expect(findings.map(\.code) == [.duplicateKey, .missingKey])
    #expect(findings.first?.mark?.line == 2)
  }

  @Test("Edits in JSON")
  func edits() throws {
    let text = #"[{"op":"reword","id":"a","after":{"text":"\ud83d\ude00"}}]"#
    let list = try EditList(parsing: Array(text.utf8), for: rubric(#""A""#))
    #expect(list.edits.first?.json["after"]?["text"] == "😀")
  }
}
