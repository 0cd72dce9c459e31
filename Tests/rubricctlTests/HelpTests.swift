import Foundation
import Testing

@Suite struct HelpTests {
  @Test func help() throws {
    let session = try CommandLineSession.withEssay()
    for command in ["--help", "", "tighten --help", "diff --help", "help score", "--version"] {
      try session.run("rubricctl \(command)")
    }
    session.note("wrong uses")
    for command in [
      "tihgten flow", "--nonsense", "show --nonsense", "show --color pink", "schema",
      "schema rubrics", "-C", "-C nowhere show",
    ] {
      try session.run("rubricctl \(command)")
    }
    try session.snapshot("help")
  }

  /// Colour is by `--color`, then `NO_COLOR`, then `CLICOLOR_FORCE`, then the terminal.
  @Test func colour() throws {
    let session = try CommandLineSession.withEssay()
    let isColoured = { (command: String, environment: [String: String]) in
      try session.execute(command, environment: environment).output.contains("\u{1B}[")
    }
    #expect(try !isColoured("rubricctl show", [:]))
    #expect(try isColoured("rubricctl show --color always", [:]))
    #expect(try isColoured("rubricctl show --color always", ["NO_COLOR": "1"]))
    #expect(try isColoured("rubricctl show", ["CLICOLOR_FORCE": "1"]))
    #expect(try !isColoured("rubricctl show", ["CLICOLOR_FORCE": "0"]))
    #expect(try !isColoured("rubricctl show", ["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
    #expect(try isColoured("rubricctl show", ["CLICOLOR_FORCE": "1", "NO_COLOR": ""]))
    #expect(try !isColoured("rubricctl show --color never", ["CLICOLOR_FORCE": "1"]))
    let errors = { (command: String, environment: [String: String]) in
      try session.execute(command, environment: environment).errors.contains("\u{1B}[")
    }
    #expect(try !errors("rubricctl show nowhere", [:]))
    #expect(try errors("rubricctl show nowhere", ["CLICOLOR_FORCE": "1"]))
    #expect(try errors("rubricctl show nowhere --color always", [:]))
    #expect(try !errors("rubricctl show nowhere --color never", ["CLICOLOR_FORCE": "1"]))
  }

  /// Every command has help, and its first line is no sentence.
  @Test func everyCommandHasHelp() throws {
    let session = try CommandLineSession()
    let root = try session.quietly("rubricctl --help").output
    var names: [String] = []
    for line in root.split(separator: "\n").drop(while: { !$0.hasPrefix("START") }) {
      guard line.hasPrefix("  "), !line.hasPrefix("   "),
        let name = line.split(separator: " ").first
      else { continue }
      names.append(String(name))
    }
    names.removeAll { $0 == "See" }
    #expect(names.count >= 45, "\(names)")
    for name in names {
      let text = try session.quietly("rubricctl \(name) --help").output
      #expect(text.hasPrefix("OVERVIEW: "), "\(name)")
      let first = text.split(separator: "\n").first ?? ""
      #expect(!first.hasSuffix("."), "\(name): \(first)")
    }
  }
}
