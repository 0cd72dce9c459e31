import RubricStore

extension RubricGenerator {
  /// Texts that a reader, a writer or a comparison may get wrong, beside those of ``RandomValues``.
  private static let texts = [
    "caf\u{E9}", "cafe\u{301}", "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}", "👍🏽", "مرحبا بالعالم",
    "\u{202E}abc\u{202C}", "漢字かな交じり文。", "한국어", "ᄒ\u{1161}ᆫ", "one\u{2028}two", "one\u{85}two",
    "one\ttwo", "one\r\ntwo\r\n", "ends in spaces   ", "   begins with spaces",
    "\n\nbegins with lines", "a\n\n\n", "no", "12:30", "- x", "a: b", "# c", "---", "\"quoted\"",
    "|", ">-", "{{ template }}", "0–5", "\u{FEFF}mark", "line\nFound: `x`\n\n- a\n- b\n",
  ]

  /// Any text, blank ones too.
  mutating func prose() -> String {
    if random.chance(30) { return random.pick(Self.texts) }
    var values = RandomValues(dice: random)
    defer { random = values.dice }
    return values.text()
  }

  /// A text that says something.
  mutating func words() -> String {
    for _ in 0..<20 {
      let text = prose()
      if !text.isBlankText { return text }
    }
    return "words"
  }

  /// A text of one line; not blank.
  mutating func line() -> String {
    let breaks: Set<Unicode.Scalar> = ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"]
    for _ in 0..<20 {
      var text = String.UnicodeScalarView()
      text.append(contentsOf: words().unicodeScalars.filter { !breaks.contains($0) })
      if !String(text).isBlankText { return String(text) }
    }
    return "line"
  }

  /// Up to `count` texts, no two of the same bytes.
  mutating func distinct(
    _ count: Int, _ make: (inout RubricGenerator) -> String
  ) -> [String] {
    var items: [String] = []
    for _ in 0..<random.below(count + 1) {
      let item = make(&self)
      if !items.contains(where: { $0.isVerbatim(item) }) { items.append(item) }
    }
    return items
  }

  /// A finite number of 0 or more.
  mutating func weight() -> Double {
    random.chance(50)
      ? Double(random.below(6))
      : random.pick([
        0, 0.1, 0.5, 1.0 / 3, 1e-7, .leastNonzeroMagnitude, 1e12, 123_456.789, 3.141592653589793,
        1_000_000,
        0.30000000000000004,
      ])
  }

  /// A number of any sign.
  mutating func number() -> Double { random.chance(30) ? -weight() : weight() }

  /// What a document keeps for others: at least one member, sometimes nested as deep as may be.
  mutating func extensions() -> Extensions {
    var values = RandomValues(dice: random)
    defer { random = values.dice }
    var members = values.object(depth: 3).withoutLongKeys
    if members.isEmpty || values.dice.chance(10) {
      var deep: JSONValue = .string(values.text())
      // The members themselves are the first level.
      for level in 1..<Limits.ext { deep = level % 2 == 0 ? ["in": deep] : [deep] }
      members["deep"] = deep
    }
    return Extensions(members)
  }
}

extension JSONObject {
  /// The members whose keys a document may have, at every depth.
  fileprivate var withoutLongKeys: JSONObject {
    JSONObject(
      members.filter { $0.key.utf8.count <= Limits.keyBytes }.map {
        ($0.key, $0.value.withoutLongKeys)
      }
    )
  }
}

extension JSONValue {
  fileprivate var withoutLongKeys: JSONValue {
    switch self {
    case .array(let items): .array(items.map(\.withoutLongKeys))
    case .object(let object): .object(object.withoutLongKeys)
    default: self
    }
  }
}

extension String {
  /// Whether it says nothing, as validation sees it.
  var isBlankText: Bool { unicodeScalars.allSatisfy(\.properties.isWhitespace) }
}
