import RubricStore

/// Writes a value as a person might: with comments, blank lines, quotes and a layout of their own.
struct HandWriting {
  var dice: RandomSource
  private(set) var text = ""
  /// How many comments were written, each `# c` and its number.
  private(set) var comments = 0
  private let step: Int
  private let listStep: Int
  private let hasComments: Bool
  /// Whether the last line belongs to a block scalar, to which a deeper comment would be added.
  private var endsInBlock = false

  init(_ value: JSONValue, dice: RandomSource) {
    self.dice = dice
    step = self.dice.pick([1, 2, 2, 3, 4])
    listStep = self.dice.pick([0, 0, 2, 2, 4, step])
    hasComments = self.dice.chance(85)
    if self.dice.chance(20) { text += "---\n" }
    members(value.object ?? JSONObject(), column: 0)
    if self.dice.chance(30) { commentLine(0) }
  }

  private mutating func pad(_ column: Int) { text += String(repeating: " ", count: column) }

  private mutating func comment() -> String {
    comments += 1
    return "# c\(comments) é"
  }

  private mutating func commentLine(_ column: Int) {
    pad(column)
    text += comment() + "\n"
    endsInBlock = false
  }

  /// Perhaps a blank line, perhaps comments.
  private mutating func between(_ column: Int) {
    guard hasComments else { return }
    if dice.chance(15), !endsInBlock { text += "\n" }
    if dice.chance(6), !endsInBlock { commentLine(column + dice.below(4)) }
    if dice.chance(6) {
      commentLine(column)
      text += "\n"
    }
    for _ in 0..<(dice.chance(20) ? 1 + dice.below(2) : 0) { commentLine(column) }
  }

  private mutating func tail() -> String {
    hasComments && dice.chance(25)
      ? String(repeating: " ", count: 1 + dice.below(3)) + comment() : ""
  }

  private mutating func members(_ object: JSONObject, column: Int, isAfterDash: Bool = false) {
    for (index, member) in object.members.enumerated() {
      if index > 0 || !isAfterDash {
        between(column)
        pad(column)
      }
      text += key(member.key) + ":"
      value(member.value, column: column)
    }
  }

  private mutating func key(_ key: String) -> String {
    let line = YAMLEmitter.emit(.object(JSONObject([(key, 1)])))
    return dice.chance(10) ? JSONValue.string(key).jsonText : String(line.dropLast(4))
  }

  /// The value of a key in `column`.
  private mutating func value(_ value: JSONValue, column: Int) {
    switch value {
    case .array(let items) where !items.isEmpty && !(isFlat(value) && dice.chance(50)):
      text += tail() + "\n"
      endsInBlock = false
      self.items(items, column: column + listStep)
    case .object(let object) where !object.isEmpty && !(isFlat(value) && dice.chance(50)):
      text += tail() + "\n"
      endsInBlock = false
      members(object, column: column + step)
    default:
      if dice.chance(5) {
        text += tail() + "\n"
        pad(column + step)
      } else if value != .null || dice.chance(50) {
        text += String(repeating: " ", count: dice.chance(10) ? 3 : 1)
      } else {
        text += tail() + "\n"
        endsInBlock = false
        return
      }
      scalar(value, indent: column + step)
    }
  }

  private mutating func items(_ items: [JSONValue], column: Int) {
    let gap = dice.chance(20) ? 3 : 1
    for item in items {
      between(column)
      pad(column)
      text += "-"
      switch item {
      case .object(let object) where !object.isEmpty && !(isFlat(item) && dice.chance(30)):
        if dice.chance(10) {
          text += tail() + "\n"
          endsInBlock = false
          members(object, column: column + 1 + gap)
        } else {
          text += String(repeating: " ", count: gap)
          members(object, column: column + 1 + gap, isAfterDash: true)
        }
      case .array(let inner) where !inner.isEmpty && !isFlat(item):
        text += tail() + "\n"
        endsInBlock = false
        self.items(inner, column: column + 2)
      default:
        text += " "
        scalar(item, indent: column + 2)
      }
    }
  }

  /// A scalar, or a collection in brackets.
  private mutating func scalar(_ value: JSONValue, indent: Int) {
    endsInBlock = false
    switch value {
    case .string(let string) where dice.chance(80):
      var lines = YAMLEmitter.emit(["k": .string(string)]).dropFirst(3).split(
        separator: "\n", omittingEmptySubsequences: false)
      lines.removeLast()
      guard lines.count > 1 else {
        text += lines[0] + tail() + "\n"
        return
      }
      endsInBlock = true
      text += lines[0] + tail() + "\n"
      for line in lines.dropFirst() {
        if !line.isEmpty { pad(indent) }
        text += line.dropFirst(2) + "\n"
      }
    default: text += flow(value) + tail() + "\n"
    }
  }

  private mutating func flow(_ value: JSONValue) -> String {
    switch value {
    case .array(let items):
      var parts: [String] = []
      for item in items { parts.append(flow(item)) }
      return "[" + parts.joined(separator: dice.pick([", ", ","])) + "]"
    case .object(let object):
      var parts: [String] = []
      for member in object.members {
        parts.append(JSONValue.string(member.key).jsonText + ": " + flow(member.value))
      }
      return dice.pick(["{", "{ "]) + parts.joined(separator: ", ") + dice.pick(["}", " }"])
    case .string(let text) where !text.isEmpty && text.utf8.allSatisfy { $0 >= 97 && $0 < 123 }:
      return YAMLEmitter.emit([value]).dropFirst(2).dropLast().description
    default: return value.jsonText
    }
  }

  /// Whether it fits between brackets.
  private func isFlat(_ value: JSONValue) -> Bool {
    value.jsonText.utf8.count < 60 && depth(value) < 3
  }

  private func depth(_ value: JSONValue) -> Int {
    switch value {
    case .array(let items): 1 + (items.map(depth).max() ?? 0)
    case .object(let object): 1 + (object.members.map { depth($0.value) }.max() ?? 0)
    default: 0
    }
  }
}
