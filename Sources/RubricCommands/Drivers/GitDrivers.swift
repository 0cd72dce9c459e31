/// The settings that make our merge and diff git's own.
struct GitDrivers {
  /// One setting; nil takes it away.
  struct Setting {
    var name: String
    var value: String?
  }

  /// How the shell names this program.
  var program: String
  /// Whether `git diff` shows typed edits in place of lines.
  var showsEdits: Bool

  /// What is told where the driver itself could not be run, so that nobody takes our side's file for a
  /// merge: git leaves it as it was.
  static let failureLine = "unfinished_merge: {}"

  var settings: [Setting] {
    // Git takes `%` for a placeholder in the command of a merge driver, and nowhere else.
    let merger = program.replacing("%", with: "%%")
    func merge(_ options: String) -> String {
      "\(merger) git-merge-driver \(options)%O %A %B %L %P %S %X %Y || { s=$?; [ $s = 1 ] || "
        + "{ echo; echo '\(Self.failureLine)'; } >>%A; exit $s; }"
    }
    return [
      Setting(name: "merge.rubric.name", value: "rubrics, criterion by criterion (rubricctl)"),
      Setting(name: "merge.rubric.driver", value: merge("")),
      Setting(name: "merge.rubric.recursive", value: "rubric-base"),
      Setting(name: "merge.rubric-base.name", value: "common ancestors of rubrics (rubricctl)"),
      Setting(name: "merge.rubric-base.driver", value: merge("--virtual-base ")),
      Setting(
        name: "diff.rubric.textconv",
        value: "f() { \(program) git-textconv \"$1\" || cat \"$1\"; }; f"),
      Setting(name: "diff.rubric.xfuncname", value: "^ *(criterion .*|- id: .*)$"),
      Setting(name: "diff.rubric.command", value: showsEdits ? "\(program) git-diff" : nil),
    ]
  }
}

/// The line of an attributes file that gives rubrics to the drivers.
enum DriverAttributes {
  static let pattern = "rubrics/*.yaml"
  static let words = ["merge=rubric", "diff=rubric"]
  static var line: String { ([pattern] + words).joined(separator: " ") }

  /// The file with the line; nil where it is there.
  static func adding(to bytes: [UInt8]) -> [UInt8]? {
    guard !lines(bytes).contains(where: { $0.count > 2 && Set($0).isSuperset(of: words) }) else {
      return nil
    }
    let isCRLF = bytes.firstIndex(of: 0x0A).map { $0 > 0 && bytes[$0 - 1] == 0x0D } ?? false
    let lineBreak = isCRLF ? "\r\n" : "\n"
    let start = bytes.isEmpty || bytes.last == 0x0A ? "" : lineBreak
    return bytes + Array((start + line + lineBreak).utf8)
  }

  /// The file without what ``adding(to:)`` put there; nil where it is not there.
  static func removing(from bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var isChanged = false
    var start = 0
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: 0x0A).map { $0 + 1 } ?? bytes.count
      let line = bytes[start..<end]
      start = end
      let found = lines(Array(line)).first ?? []
      guard found.first == pattern, found.dropFirst().contains(where: words.contains) else {
        result += line
        continue
      }
      isChanged = true
      let rest = found.filter { !words.contains($0) }
      guard rest.count > 1 else { continue }
      result += Array(rest.joined(separator: " ").utf8)
      result += line.reversed().prefix { $0 == 0x0A || $0 == 0x0D }.reversed()
    }
    return isChanged ? result : nil
  }

  /// The words of each line that is for our pattern.
  private static func lines(_ bytes: [UInt8]) -> [[String]] {
    bytes.split(separator: 0x0A).compactMap { line in
      let words = line.split { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        .map { String(decoding: $0, as: UTF8.self) }
      return words.first == pattern ? words : nil
    }
  }
}
