extension UnfinishedMerge {
  /// What the block tells.
  struct Block {
    /// The file's path in the repository, for the commands that are named.
    var path: String
    /// Whether git's commands come next.
    var isInWorkTree: Bool
    var conflicts: [MergeConflict]
    /// Why the file is not a merge by id and field, where it is not.
    var problem: String?
    var settlements: Settlements
    /// What the sides are called: a branch, a commit.
    var ourName: String
    var theirName: String
  }

  /// The most lines of a value that are shown.
  private static let valueLines = 100

  /// The file: the block, and the document under it.
  static func text(_ block: Block, over document: [UInt8]) -> [UInt8] {
    var lines: [String] = []
    let count = block.conflicts.count
    if let problem = block.problem {
      lines += [
        "UNFINISHED MERGE: this file is not valid until a person has looked at it.", "",
        "\(problem).", "",
      ]
    }
    if count > 0 {
      lines += [
        "UNFINISHED MERGE: \(count == 1 ? "1 conflict is" : "\(count) conflicts are") open, and "
          + "this file is not valid.", "",
      ]
    }
    if count > 0 {
      lines += [
        "Below stands the merged rubric, with our side's value at each conflict. Settle by rule:",
        block.isInWorkTree
          ? "  rubricctl settle PLACE=RULE" : "  rubricctl merge-file … --settle PLACE=RULE",
        "or change the values below and delete the lines down to `\(key)`, that one too.",
      ]
    } else {
      lines += ["Mend what stands below and delete the lines down to `\(key)`, that one too."]
    }
    if block.isInWorkTree {
      lines += [
        "Then go on as git says:", "  git add \(block.path)",
        "  git commit (or git rebase --continue, git cherry-pick --continue)",
      ]
    }
    lines.append("")
    for conflict in block.conflicts { lines += describe(conflict, block) + [""] }
    var text = lines.map { $0.isEmpty ? "#\n" : "# \(plain($0))\n" }.joined()
    let state: JSONValue = [
      "conflicts": .integer(count),
      "settled": .array(
        block.settlements.places.map { .string("\($0.place)=\($0.rule.argument)") }),
      "settle_all": .array(block.settlements.all.compactMap(\.name).map { .string($0) }),
    ]
    text += "\(key): \(state.jsonText)\n"
    var body = document[...]
    var result: [UInt8] = []
    if body.starts(with: byteOrderMark) {
      result = byteOrderMark
      body = body.dropFirst(byteOrderMark.count)
    }
    let isCRLF = body.firstIndex(of: 0x0A).map { $0 > body.startIndex && body[$0 - 1] == 0x0D }
    if isCRLF == true { text = text.replacing("\n", with: "\r\n") }
    return result + Array(text.utf8) + body
  }

  private static func describe(_ conflict: MergeConflict, _ block: Block) -> [String] {
    var lines = ["\(conflict.path) (\(conflict.code.rawValue)): \(conflict.message)"]
    if let base = conflict.base { lines += labelled("base", base) }
    lines += labelled("ours", conflict.ours)
    lines += causes(conflict.ourCauses, block.ourName)
    lines += labelled("theirs", conflict.theirs)
    lines += causes(conflict.theirCauses, block.theirName)
    let rules = conflict.rules.compactMap(\.name) + (conflict.takesValue ? ["VALUE"] : [])
    if !rules.isEmpty {
      lines.append("  settle  \(conflict.path)=\(rules.joined(separator: "|"))")
    }
    return lines
  }

  private static func labelled(_ name: String, _ value: JSONValue?) -> [String] {
    let words = words(value)
    let label = name + String(repeating: " ", count: max(0, 8 - name.utf8.count))
    return words.enumerated().map { "  \($0.offset == 0 ? label : "        ")\($0.element)" }
  }

  private static func words(_ value: JSONValue?) -> [String] {
    let text: String
    switch value {
    case nil: return ["not there"]
    case .null?: return ["not set"]
    case .string("")?: return ["empty"]
    case .string(let string)?: text = string
    case .array(let items)? where items.contains { $0.object != nil }:
      text = YAMLEmitter.emit(.array(items))
    case .object(let object)?: text = YAMLEmitter.emit(.object(object))
    case .number(let number)?: return [CanonicalNumber.text(number)]
    case let value?: return [value.jsonText]
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.count > valueLines else { return lines }
    return lines.prefix(valueLines) + ["… and \(lines.count - valueLines) lines more"]
  }

  private static func causes(_ causes: [MergeConflict.Cause], _ name: String) -> [String] {
    causes.suffix(5).map { cause in
      let commit = cause.commit.map { "\($0.prefix(12)) " } ?? ""
      let side = name.isEmpty ? "" : "(\(name)) "
      let why = cause.edit.rationale.isEmpty ? "" : ": \(cause.edit.rationale)"
      return "          \(side)\(commit)\(cause.edit.summary)\(why)"
    }
  }

  /// The text on one line, without what would end a comment.
  private static func plain(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\t", "\r": shown += " "
      case "\u{85}", "\u{2028}", "\u{2029}": shown += "\u{FFFD}"
      default:
        shown.unicodeScalars.append(
          scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
      }
    }
    return shown
  }
}

extension Settlement.Rule {
  /// The rule as ``Settlement/init(parsing:)`` reads it.
  fileprivate var argument: String {
    if case .value(let value) = self { value.jsonText } else { name ?? "" }
  }
}
