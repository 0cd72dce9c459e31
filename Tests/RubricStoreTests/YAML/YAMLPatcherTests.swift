import RubricStore
import Testing

@Suite struct YAMLPatcherTests {
  /// Patches a source with what `change` makes of its values.
  static func patch(_ source: String, _ change: (inout JSONValue) -> Void) throws -> String {
    let (root, old) = try read(source)
    var new = old
    change(&new)
    return try #require(YAMLPatcher.patch(source: source, root: root, old: old, new: new))
  }

  static func read(_ source: String) throws -> (Node, JSONValue) {
    var (root, findings) = YAMLReader.read(Array(source.utf8))
    guard let root, let value = root.jsonValue(findings: &findings), findings.isEmpty else {
      throw SyntaxError(findings: findings)
    }
    return (root, value)
  }

  /// Patches, compares the text, and reads it back.
  func check(
    _ source: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation,
    change: (inout JSONValue) -> Void
  ) throws {
    let text = try Self.patch(source, change)
    #expect(text == expected, sourceLocation: sourceLocation)
    var (_, new) = try Self.read(source)
    change(&new)
    #expect(
      try Self.read(text).1.canonicallyOrdered == new.canonicallyOrdered,
      sourceLocation: sourceLocation)
  }

  static let essay = """
    # The essay rubric.
    schema: rubric/1   # the format
    id: "essay"

    # What the judge reads first.
    preamble: |   # verbatim
      Grade the essay.
        Be fair.

    criteria:
        # Does it flow?
        - id: flow
          title: 'Flow'   # short
          weight:   3  # of ten
          text: >
            The essay flows
            from start to end.

          # levels below
          scale: {min: 0, max: 5} # inclusive
        - id: depth   # second
          tags: [a, "b c", d]
          lower_when:
          - It repeats itself   # often
          # about lists
          - It lists
        # trailing note

    # Settings
    aggregation:
        method: sum
        # nothing else
    # the end

    """

  @Test func oneScalar() throws {
    try check(
      Self.essay, Self.essay.replacing("weight:   3  # of ten", with: "weight:   4.5  # of ten")
    ) {
      $0.criterion("flow") { $0["weight"] = 4.5 }
    }
    try check(Self.essay, Self.essay.replacing("'Flow'   # short", with: "'no'   # short")) {
      $0.criterion("flow") { $0["title"] = "no" }
    }
    try check(Self.essay, Self.essay.replacing("\"essay\"", with: "report")) {
      $0.set("id", "report")
    }
    try check(Self.essay, Self.essay.replacing("max: 5}", with: "max: 10}")) {
      $0.criterion("flow") { $0["scale"] = ["min": 0, "max": 10] }
    }
    try check(Self.essay, Self.essay.replacing("\"b c\"", with: "'b, c'")) {
      $0.criterion("depth") { $0["tags"] = ["a", "b, c", "d"] }
    }
    try check(Self.essay, Self.essay.replacing("It lists", with: "It enumerates")) {
      $0.criterion("depth") { $0["lower_when"] = ["It repeats itself", "It enumerates"] }
    }
  }

  @Test func blockScalars() throws {
    try check(
      Self.essay,
      Self.essay.replacing(
        "|   # verbatim\n  Grade the essay.\n    Be fair.\n", with: "Grade it.   # verbatim\n")
    ) { $0.set("preamble", "Grade it.") }
    try check(
      Self.essay,
      Self.essay.replacing(
        "|   # verbatim\n  Grade the essay.\n    Be fair.\n",
        with: "|-   # verbatim\n    One\n    two\n")
    ) { $0.set("preamble", "One\ntwo") }
    try check(Self.essay, Self.essay.replacing("\"essay\"", with: "|\n    a\n    b")) {
      $0.set("id", "a\nb\n")
    }
    try check(
      Self.essay,
      Self.essay.replacing(
        "'Flow'   # short", with: "|-   # short\n          a\n          b")
    ) { $0.criterion("flow") { $0["title"] = "a\nb" } }
    // Breaks at the end that would take in the blank lines that follow are escaped.
    try check(
      Self.essay,
      Self.essay.replacing(
        "|   # verbatim\n  Grade the essay.\n    Be fair.\n", with: "\"a\\n\\n\"   # verbatim\n")
    ) { $0.set("preamble", "a\n\n") }
    // A comment below, indented as the text would be, must not become part of it.
    try check("a: 1\n    # deep\nb: 2\n", "a: \"x\\ny\"\n    # deep\nb: 2\n") {
      $0.set("a", "x\ny")
    }
  }

  @Test func keysComeAndGo() throws {
    try check(Self.essay, Self.essay.replacing("      title: 'Flow'   # short\n", with: "")) {
      $0.criterion("flow") { $0["title"] = nil }
    }
    try check(
      Self.essay,
      Self.essay.replacing(
        "\n      # levels below\n      scale: {min: 0, max: 5} # inclusive\n", with: "")
    ) { $0.criterion("flow") { $0["scale"] = nil } }
    try check(
      Self.essay, Self.essay.replacing("id: \"essay\"\n", with: "id: \"essay\"\ntitle: Essay\n")
    ) {
      $0.insert("title", "Essay", after: "id")
    }
    try check(
      Self.essay,
      Self.essay.replacing(
        "    # nothing else\n", with: "    clip:\n        - 0\n        - 1\n    # nothing else\n")
    ) { $0.set("aggregation", ["method": "sum", "clip": [0, 1]]) }
    try check(
      Self.essay,
      Self.essay.replacing(
        "\n# Settings\naggregation:\n    method: sum\n    # nothing else\n", with: "")
    ) { $0.set("aggregation", nil) }
    // The first key of an item stands on the line of its dash.
    try check("a:\n  - b: 1\n    c: 2\n", "a:\n  - c: 2\n") { $0.set("a", [["c": 2]]) }
    try check("a:\n  - b: 1\n    # c\n    c: 2\n", "a:\n  -\n    # c\n    c: 2\n") {
      $0.set("a", [["c": 2]])
    }
    try check("a:\n  - b: 1\n    c: 2\n", "a:\n  - x: 0\n    b: 1\n    c: 2\n") {
      $0.set("a", [["x": 0, "b": 1, "c": 2]])
    }
    try check("a:\n  - b: 1\n    c: 2\n", "a:\n  - x: 0\n    c: 2\n") {
      $0.set("a", [["x": 0, "c": 2]])
    }
    try check("a:\n  - b: 1\n    # c\n    c: 2\n", "a:\n  - x: 0\n    # c\n    c: 2\n") {
      $0.set("a", [["x": 0, "c": 2]])
    }
    try check("a:\n  - b: 1\n", "a:\n  - x: 0\n") { $0.set("a", [["x": 0]]) }
    try check("# top\nb: 1\n", "# top\na: 0\nb: 1\n") { $0 = ["a": 0, "b": 1] }
    try check("x:\n  # of b\n  b: 1\n", "x:\n  a: 0\n  # of b\n  b: 1\n") {
      $0 = ["x": ["a": 0, "b": 1]]
    }
  }

  @Test func explicitDefaultsStay() throws {
    let source = "id: a\nstatus: active # yes\nweight: 1\n"
    let (root, _) = try Self.read(source)
    let text = YAMLPatcher.patch(
      source: source, root: root, old: ["id": "a"], new: ["id": "b", "title": "T", "weight": 2])
    #expect(text == "id: b\ntitle: T\nstatus: active # yes\nweight: 2\n")
  }

  @Test(
    arguments: [
      ("a: {x: 1, y: 2} # c\n", ["a": ["x": 1, "y": 3]], "a: {x: 1, y: 3} # c\n"),
      ("a: {x: 1, y: 2} # c\n", ["a": ["x": 1]], "a: {x: 1} # c\n"),
      (
        "a: {x: 1} # c\n", ["a": ["x": 1, "y": ["p", "q, r"]]], "a: {x: 1, 'y': [p, 'q, r']} # c\n"
      ),
      ("a: [日本, b] # c\n", ["a": ["日本", "c"]], "a: [日本, c] # c\n"),
      ("日本: {é: a, b: c} # d\n", ["日本": ["é": "a", "b": "x: y"]], "日本: {é: a, b: 'x: y'} # d\n"),
      ("a: [x, y]\n", ["a": ["y", "x", "z"]], "a: ['y', x, z]\n"),
      ("a: [x] # c\n", ["a": "z"], "a: z # c\n"), ("a: [x]\nb: 1\n", ["b": 1], "b: 1\n"),
      ("a: x # c\n", ["a": ["p": 1]], "a: # c\n  p: 1\n"), ("a: x\n", ["a": []], "a: []\n"),
      ("a: # c\n  p: 1\n  # d\nb: 2\n", ["a": "x", "b": 2], "a: x # c\n  # d\nb: 2\n"),
      ("a: # c\n  - p\n  - q\nb: 2\n", ["a": ["x": [1]], "b": 2], "a: # c\n  x:\n    - 1\nb: 2\n"),
      ("a:\nb: 2\n", ["a": "x", "b": 2], "a: x\nb: 2\n"),
      ("a: # c\nb: 2\n", ["a": 1, "b": 2], "a: 1 # c\nb: 2\n"),
      ("a:\n    b # c\nd: 1\n", ["a": "x", "d": 1], "a:\n    x # c\nd: 1\n"),
      ("- a\n-\n- b # c\n", ["a", 1, "x"], "- a\n- 1\n- x # c\n"),
      ("- a # c\n- b\n", [["x": 1, "y": 2], "b"], "- x: 1 # c\n  'y': 2\n- b\n"),
      ("- x: 1\n  y: 2\n- b\n", ["q", "b"], "- q\n- b\n"),
      ("- - a\n  - b\n- c\n", [["a", "x"], "c"], "- - a\n  - x\n- c\n"),
      ("- - a\n  - b\n- c\n", [["b"], "c"], "- - b\n- c\n"),
      ("a: b", ["a": "c"], "a: c\n"), ("a: b\nc: d", ["a": "x", "c": "d"], "a: x\nc: d"),
      ("a: b\n# end", ["a": "x"], "a: x\n# end"), ("\u{FEFF}a: b\n", ["a": "x"], "\u{FEFF}a: x\n"),
      (
        "a: b\r\nc:\r\n  - d\r\n", ["a": "x\ny", "c": ["d", "e"]],
        "a: |-\r\n  x\r\n  y\r\nc:\r\n  - d\r\n  - e\r\n"
      ),
      ("a: 'multi\n  line' # c\nb: 1\n", ["a": "x", "b": 1], "a: x # c\nb: 1\n"),
      ("---\na: 1\n...\n", ["a": 1, "b": 2], "---\na: 1\nb: 2\n...\n"),
      (
        "a:\n    b:\n        c: 1\n", ["a": ["b": ["c": 1], "d": ["e": 2]]],
        "a:\n    b:\n        c: 1\n    d:\n        e: 2\n"
      ),
      ("l:\n- v: 1\n", ["l": [["v": 1]], "m": [["v": [1]]]], "l:\n- v: 1\nm:\n- v:\n  - 1\n"),
      (
        "l:\n  - value: 0 # none\n    text: a\n  - value: 1\n    text: b\n",
        ["l": [["value": 1, "text": "c"], ["value": 2, "text": "d"]]],
        "l:\n  - value: 1 # none\n    text: c\n  - value: 2\n    text: d\n"
      ),
      ("{a: 1, b: [2]}\n", ["a": 1, "b": [3]], "{a: 1, b: [3]}\n"),
      ("{\"a\":1,\"b\":null}\n", ["a": "x", "b": "z"], "{\"a\":x,\"b\":z}\n"),
    ] as [(String, JSONValue, String)])
  func small(_ source: String, _ new: JSONValue, _ expected: String) throws {
    try check(source, expected) { $0 = new }
  }

  @Test(
    arguments: [
      ("? a\n: 1\n", ["a": 1, "b": 2]), ("a: 1\rb: 2\n", ["a": 1, "b": 3]), ("[a]\n", ["a": 1]),
      ("{a: 1}\n", ["a": 1, "b": 2]),
    ] as [(String, JSONValue)]) func whatCannotBePatched(_ source: String, _ new: JSONValue) throws
  {
    let (root, old) = try Self.read(source)
    #expect(YAMLPatcher.patch(source: source, root: root, old: old, new: new) == nil)
  }
}
