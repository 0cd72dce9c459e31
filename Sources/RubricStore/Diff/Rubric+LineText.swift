extension Rubric {
  /// The rubric as text that is made to be compared line by line, as git does.
  ///
  /// It does not depend on a file's layout, and two rubrics that differ have different texts. Each
  /// criterion begins with a line that names it, and a long text has a line for every sentence: a
  /// line of a text begins with `|`, one that goes on with it is indented further. What it looks like
  /// may change from version to version; it is not read back.
  ///
  /// - Complexity: O(*n*) in the size of the rubric.
  public var lineText: String {
    var writer = LineTextWriter()
    writer.write("rubric \(id)")
    writer.members(of: written, indent: 1, without: ["schema", "id"])
    return writer.text
  }
}

private struct LineTextWriter {
  private(set) var text = ""
  /// Texts that grow and shrink by sentences, so that these always have lines of their own.
  private static let proseKeys = ["text:", "preamble:", "postamble:", "description:"]

  mutating func write(_ line: String, indent: Int = 0) {
    text += String(repeating: "  ", count: indent) + line + "\n"
  }

  mutating func members(of value: JSONValue, indent: Int, without keys: Set<String> = []) {
    for member in value.object?.members ?? [] where !keys.contains(member.key) {
      switch (member.key, member.value) {
      case ("criteria", .array(let items)):
        for item in items {
          text += "\n"
          write("criterion \(item["id"]?.string ?? "")", indent: indent)
          members(of: item, indent: indent + 1, without: ["id"])
        }
      case ("ext", let value):
        write("ext:", indent: indent)
        for line in JSONWriter.pretty(value).split(separator: "\n") {
          write(String(line), indent: indent + 1)
        }
      case (let key, let value): self.value(value, after: "\(key):", indent: indent)
      }
    }
  }

  private mutating func value(_ value: JSONValue, after label: String, indent: Int) {
    switch value {
    case .string(let text):
      if !Self.proseKeys.contains(label), isShort(text) {
        write("\(label) \(text)", indent: indent)
      } else {
        write(label, indent: indent)
        prose(text, indent: indent + 1)
      }
    case .array(let items) where items.contains { $0.string != nil || $0.object != nil }:
      write(label, indent: indent)
      for item in items { self.item(item, indent: indent + 1) }
    case .object(let object) where !object.isEmpty:
      write(label, indent: indent)
      members(of: value, indent: indent + 1)
    case .number(let number): write("\(label) \(CanonicalNumber.text(number))", indent: indent)
    default: write("\(label) \(value.jsonText)", indent: indent)
    }
  }

  private mutating func item(_ item: JSONValue, indent: Int) {
    guard let first = item.object?.members.first else {
      return value(item, after: "-", indent: indent)
    }
    value(first.value, after: "- \(first.key):", indent: indent)
    members(of: item, indent: indent + 1, without: [first.key])
  }

  /// Whether a text stands beside its key: one sentence that looks like no other form.
  private func isShort(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, first != " ", first != "|" else { return false }
    return !text.contains("\n") && Self.sentenceEnds(of: text[...]).isEmpty
  }

  /// Writes a text, a sentence a line.
  private mutating func prose(_ prose: String, indent: Int) {
    for line in prose.split(separator: "\n", omittingEmptySubsequences: false) {
      var start = line.startIndex
      var mark = "|"
      for end in Self.sentenceEnds(of: line) {
        write("\(mark) \(line[start..<end])", indent: indent)
        // The one space between is what the line break stands for.
        start = line.unicodeScalars.index(after: end)
        mark = " "
      }
      // Git would mark a space at the end of a line as an error.
      write(line.isEmpty ? mark : "\(mark) \(line[start...])", indent: indent)
    }
  }

  /// The spaces after which a sentence begins.
  private static func sentenceEnds(of line: Substring) -> [Substring.Index] {
    var ends: [Substring.Index] = []
    var isEnd = false
    let scalars = line.unicodeScalars
    var index = scalars.startIndex
    while index < scalars.endIndex {
      let next = scalars.index(after: index)
      switch scalars[index] {
      case ".", "!", "?": isEnd = true
      case "\"", "'", ")", "”", "’": break
      case " " where isEnd && next < scalars.endIndex && scalars[next] != " ":
        ends.append(index)
        isEnd = false
      default: isEnd = false
      }
      index = next
    }
    return ends
  }
}
