import RubricStore
import Testing

/// Texts are looked through in words of eight bytes; what stands at any place of one must be seen.
@Suite struct PlainTextTests {
  private static func rubric(text: String) -> Rubric {
    Rubric(id: "r", criteria: [Criterion(id: "c", title: "T", text: text)])
  }

  /// `filler` with one scalar in the place of another.
  private static func text(_ scalar: UInt32, at offset: Int, filler: Unicode.Scalar = "x") -> String
  {
    var scalars = [Unicode.Scalar](repeating: filler, count: 19)
    scalars[offset] = Unicode.Scalar(scalar) ?? filler
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }

  @Test(arguments: ["x", " ", "~", "é", "\u{20AC}", "\u{1F600}"] as [Unicode.Scalar])
  func controlCharactersAreSeen(_ filler: Unicode.Scalar) {
    let refused: [UInt32] = [0, 1, 8, 0x0B, 0x0C, 0x0E, 0x1F, 0x7F, 0x80, 0x9F, 0xFFFE, 0xFFFF]
    let allowed: [UInt32] = [0x09, 0x0A, 0x0D, 0x21, 0x7E, 0x85, 0xA0, 0xFFFD, 0x10FFFF]
    for offset in 0..<19 {
      for scalar in refused {
        let findings = Self.rubric(text: Self.text(scalar, at: offset, filler: filler)).findings
        #expect(findings.map(\.code) == [.controlCharacter], "\(scalar) at \(offset)")
      }
      for scalar in allowed {
        let findings = Self.rubric(text: Self.text(scalar, at: offset, filler: filler)).findings
        #expect(findings.isEmpty, "\(scalar) at \(offset): \(findings)")
      }
    }
  }

  @Test func charactersAreCounted() {
    for scalar: UInt32 in [0x78, 0x0A, 0xE9, 0x20AC, 0x1F600] {
      for offset in 0..<19 {
        var rubric = Self.rubric(text: Self.text(scalar, at: offset))
        rubric.budget.characters = 20
        #expect(rubric.findings.isEmpty)
        rubric.budget.characters = 19
        #expect(rubric.findings.map(\.code) == [.overBudget])
      }
    }
  }

  @Test func everyPlaceIsCompared() {
    let text = Self.text(0x78, at: 0)
    for offset in 0..<19 {
      let other = Self.text(0x79, at: offset)
      #expect(!text.isVerbatim(other) && text.isVerbatim(Self.text(0x78, at: offset)))
    }
    #expect(!"é".isVerbatim("e\u{301}") && "é" == "e\u{301}")
    #expect(!text.isVerbatim(text + "x"))
  }

  @Test func linesAreCounted() throws {
    // The finding stands behind lines of every length and every kind of break.
    for length in 0..<20 {
      for (mark, lines) in [("\n", 2), ("\r\n", 2), ("\r", 2), ("\n\n", 3), ("\n#é\u{2028}#\n", 4)]
      {
        let text = "#" + String(repeating: "x", count: length) + mark + "wrong: 1\n"
        let finding = try #require(Rubric.findings(in: Array(text.utf8)).first)
        #expect(finding.mark?.line == lines, "\(length) \(mark.debugDescription)")
      }
    }
  }

  @Test func likenessIsThatOfWhatIsWritten() {
    func check<Value: NodeCodable>(_ values: [Value]) {
      for left in values {
        for right in values {
          #expect(
            left.isWrittenLike(right) == (left.written == right.written), "\(left) and \(right)")
        }
      }
    }
    let texts = ["", "a", "é", "e\u{301}", "null"]
    check(texts)
    check(texts.map(Optional.some) + [nil])
    check([[], texts, texts.reversed(), ["e\u{301}"], ["é"]])
    check([0, -0.0, 1, 0.1, 1e15, 1e15 + 1, .infinity, .nan])
    check([nil, 0, -0.0, 1] as [Double?])
    check([0, 1, -1])
    check([true, false])
    check([nil, .null, 1, "a"] as [JSONValue?])
    check([.null, 1, 1.0, "é", "e\u{301}", ["a": 1, "b": 2], ["b": 2, "a": 1]] as [JSONValue])
    check(["é", "e\u{301}", "a"] as [CriterionID])
    check([nil, Gate(min: 0), Gate(min: -0.0), Gate(min: 0, effect: .cap, cap: 1)])
    let levels = texts.map { Level(value: 1, text: $0) }
    check(
      [.binary, .levels([]), .numeric(NumericRange(min: 0, max: 1), levels: [])]
        + levels.map { Scale.levels([$0]) }
        + [.numeric(NumericRange(min: 0, max: 1, step: 1), levels: levels)])
    check(Criterion.Status.allCases)
    check(
      [Extensions(), Extensions(["a": 1, "b": 2]), Extensions(["b": 2, "a": 1])])
  }
}
