import RubricStore
import Testing

@Suite struct DocumentLawTests {
  /// Law 6: what was written is read back, and is written the same again.
  @Test func canonicalTextIsReadBack() throws {
    try forAll { make in
      let rubric = make.rubric()
      let text = rubric.canonicalText
      let again = try Rubric(parsing: text)
      try #require(again == rubric, "\(text)")
      try #require(again.canonicalText.isVerbatim(text))
    }
  }

  /// Law 6 by way of JSON, which is read as YAML.
  @Test func jsonIsReadBack() throws {
    try forAll { make in
      let rubric = make.rubric()
      let text = rubric.json.jsonText
      let again = try Rubric(parsing: text)
      try #require(again == rubric, "\(text)")
      try #require(again.canonicalText.isVerbatim(rubric.canonicalText))
      try #require(try JSONValue(parsing: text) == rubric.json)
    }
  }

  /// The canonical form is unique: equal rubrics have the same text, others another.
  @Test func textsAreEqualExactlyWhereRubricsAre() throws {
    try forAll { make in
      let (old, new) = make.versions()
      let isSame = old.canonicalText.isVerbatim(new.canonicalText)
      try #require(isSame == (old == new))
      if old == new { try #require(old.hashValue == new.hashValue) }
    }
  }

  /// A text with bytes changed, dropped or doubled is read or refused, and never more than that.
  @Test func damagedTextsAreReadOrRefused() throws {
    var refused = 0
    try forAll(cases: Cases.count * 2) { make in
      var bytes = Array(make.rubric().canonicalText.utf8.prefix(4_000))
      for _ in 0...make.random.below(4) where !bytes.isEmpty {
        let index = make.random.below(bytes.count)
        switch make.random.below(6) {
        case 0: bytes[index] = UInt8(truncatingIfNeeded: make.random.next())
        case 1: bytes[index] = make.random.pick(Array("-:#&*!|>'\"%@`{}[], \t\n?".utf8))
        case 2: bytes.removeSubrange(index..<min(bytes.count, index + make.random.below(20)))
        case 3:
          let run = bytes[index..<min(bytes.count, index + make.random.below(60))]
          bytes.insert(contentsOf: run, at: make.random.below(bytes.count))
        case 4: bytes.insert(make.random.pick([0, 9, 10, 13, 32, 0x7F, 0xC2, 0xFF]), at: index)
        default: bytes.removeLast(make.random.below(bytes.count))
        }
      }
      let findings = Rubric.findings(in: bytes)
      if findings.isEmpty {
        let rubric = try Rubric(parsing: bytes)
        try #require(try Rubric(parsing: rubric.canonicalText) == rubric)
      } else {
        refused += 1
        try #require(findings.allSatisfy { $0.mark != nil && !$0.message.isEmpty })
      }
    }
    #expect(refused > Cases.count / 2)
  }
}
