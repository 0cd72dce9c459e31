import RubricStore
import Testing

@Suite("Vectors of the document")
struct DocumentVectorTests {
  @Test("canonical.json: canonical texts and hashes")
  func canonical() throws {
    try VectorCase.forEach("canonical.json") { vector in
      let rubric = try vector.rubric("yaml")
      let text = try vector.text("canonical")
      #expect(rubric.canonicalText == text, "\(vector.name)")
      #expect(rubric.canonicalText.isVerbatim(text), "\(vector.name): the bytes")
      #expect(try Rubric(parsing: text) == rubric, "\(vector.name): read back")
      let hashes = rubric.hashes
      #expect(hashes.content == (try vector.string("content")), "\(vector.name)")
      #expect(hashes.judge == (try vector.string("judge")), "\(vector.name)")
      #expect(hashes.scoring == (try vector.string("scoring")), "\(vector.name)")
      // The hashes are of the texts that stand beside them.
      for (key, view) in [
        ("content", "canonical"), ("judge", "judge_view"), ("scoring", "scoring_view"),
      ] {
        #expect(
          SHA256.hex(try vector.text(view).utf8) == (try vector.string(key)),
          "\(vector.name): \(view)")
      }
      let byCriterion = try #require(vector["judge_by_criterion"]?.object)
      let expected = byCriterion.members.map { "\($0.key) \($0.value.string ?? "")" }.sorted()
      #expect(
        hashes.judgeByCriterion.map { "\($0.key) \($0.value)" }.sorted() == expected,
        "\(vector.name)")
    }
  }

  @Test("refused.json: what is wrong, and where")
  func refused() throws {
    try VectorCase.forEach("refused.json") { vector in
      let findings = Rubric.findings(in: try vector.bytes("yaml"))
      let found = findings.map {
        "\($0.mark?.line ?? 0):\($0.mark?.column ?? 0) \($0.code.rawValue)"
      }
      let expected = try vector.array("findings").map { finding in
        let parts = try #require(finding.array)
        return "\(Int(parts[0].double ?? 0)):\(Int(parts[1].double ?? 0)) \(parts[2].string ?? "")"
      }
      #expect(found == expected, "\(vector.name): \(findings)")
    }
  }

  @Test("numbers.json: the one way to write a number")
  func numbers() throws {
    try VectorCase.forEach("numbers.json") { vector in
      let value = try #require(vector["value"]?.double)
      #expect(CanonicalNumber.text(value) == (try vector.string("text")))
      let inExt = try vector.string("in_ext")
      #expect(CanonicalNumber.fractionalText(value) == inExt)
      #expect(Double(inExt)?.bitPattern == (value == 0 ? 0 : value).bitPattern, "\(inExt)")
    }
  }
}
