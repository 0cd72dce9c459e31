import RubricStore
import Testing

extension YAMLPatcherTests {
  @Test func itemsComeAndGo() throws {
    try check(
      Self.essay,
      Self.essay.replacing(
        "    - id: depth   # second\n      tags: [a, \"b c\", d]\n      lower_when:\n"
          + "      - It repeats itself   # often\n      # about lists\n      - It lists\n", with: ""
      )
    ) { $0.removeCriterion("depth") }
    try check(
      Self.essay,
      Self.essay.replacing(
        "      - It lists\n",
        with: "      - It lists\n    - id: style\n      criteria:\n          - id: tone\n")
    ) { $0.append("criteria", ["id": "style", "criteria": [["id": "tone"]]]) }
    try check(
      Self.essay,
      Self.essay.replacing("- It lists\n", with: "- It ends\n")
    ) { $0.criterion("depth") { $0["lower_when"] = ["It repeats itself", "It ends"] } }
  }

  @Test func itemsMoveWithTheirComments() throws {
    let source = """
      list:
      # about a
      - id: a # one
        x: 1

      # about b
      - id: b
        x:   2
        # end of b

      # about c
      - id: c
      after: 1

      """
    try check(
      source,
      """
      list:
      # about c
      - id: c

      # about a
      - id: a # one
        x: 1

      # about b
      - id: b
        x:   20
        # end of b
      after: 1

      """
    ) { $0.set("list", [["id": "c"], ["id": "a", "x": 1], ["id": "b", "x": 20]]) }
    try check(source, source.replacing("# about b\n- id: b\n  x:   2\n  # end of b\n\n", with: ""))
    {
      $0.set("list", [["id": "a", "x": 1], ["id": "c"]])
    }
  }

  @Test func itemsMoveBetweenLists() throws {
    let source = """
      criteria:
        - id: group
          criteria:
            # about inner
            - id: inner # i
              text: |
                a
                 b
        - id: other

      """
    try check(
      source,
      """
      criteria:
        - id: group
        # about inner
        - id: inner # i
          text: |
            a
             b
        - id: other

      """
    ) {
      $0.set("criteria", [["id": "group"], ["id": "inner", "text": "a\n b\n"], ["id": "other"]])
    }
    try check(
      source,
      """
      criteria:
        - id: group
        - id: other
          criteria:
            # about inner
            - id: inner # i
              text: short

      """
    ) {
      $0.set(
        "criteria",
        [["id": "group"], ["id": "other", "criteria": [["id": "inner", "text": "short"]]]])
    }
    // A new group takes what was at the top, and the child becomes its parent's parent.
    try check(
      source,
      """
      criteria:
        - id: new
          criteria:
            # about inner
            - id: inner # i
              text: |
                a
                 b
              criteria:
                - id: group
        - id: other

      """
    ) {
      $0.set(
        "criteria",
        [
          [
            "id": "new",
            "criteria": [["id": "inner", "text": "a\n b\n", "criteria": [["id": "group"]]]],
          ],
          ["id": "other"],
        ])
    }
  }

  @Test func aFlowListThatTakesAnItemWithLinesGetsLinesToo() throws {
    try check(
      "a:\n  # about x\n  - id: x # c\n  - id: 'y'\nb: [{id: z}] # d\n",
      "a:\n  - id: 'y'\nb: # d\n  - id: z\n  # about x\n  - id: x # c\n"
    ) { $0 = ["a": [["id": "y"]], "b": [["id": "z"], ["id": "x"]]] }
  }
}

extension JSONValue {
  mutating func set(_ key: String, _ value: JSONValue?) {
    var object = self.object ?? JSONObject()
    object[key] = value
    self = .object(object)
  }

  mutating func insert(_ key: String, _ value: JSONValue, after: String) {
    var object = JSONObject()
    for member in self.object?.members ?? [] {
      object[member.key] = member.value
      if member.key == after { object[key] = value }
    }
    self = .object(object)
  }

  mutating func append(_ key: String, _ value: JSONValue) {
    set(key, .array((self[key]?.array ?? []) + [value]))
  }

  mutating func criterion(_ id: String, _ change: (inout JSONObject) -> Void) {
    set(
      "criteria",
      .array(
        (self["criteria"]?.array ?? []).map { item in
          guard item["id"]?.string == id, var object = item.object else { return item }
          change(&object)
          return .object(object)
        }))
  }

  mutating func removeCriterion(_ id: String) {
    set("criteria", .array((self["criteria"]?.array ?? []).filter { $0["id"]?.string != id }))
  }
}
