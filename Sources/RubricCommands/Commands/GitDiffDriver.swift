import ArgumentParser
internal import Glibc
import RubricStore

/// What git runs to show a rubric's file as text: `diff.rubric.textconv`.
struct GitTextConverter: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "git-textconv",
    abstract: "Show a file as text for git; see `rubricctl install-git-drivers`",
    discussion: "A file that is not a valid rubric is shown as it is.", shouldDisplay: false)

  @Argument var file: String

  func run() throws {
    let terminal = Terminal(color: .never, usesPager: false)
    do {
      let bytes = try FileInput.whole(file)
      if let rubric = try? Rubric(parsing: bytes) {
        terminal.write(rubric.lineText)
      } else {
        terminal.write(bytes)
      }
    } catch {
      Failure.report(error)
      throw ExitCode(2)
    }
    terminal.close()
  }
}

/// What git runs in place of its own diff: `diff.rubric.command`.
struct GitDiffDriver: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "git-diff",
    abstract: "Show the edits between two files for git; see `rubricctl install-git-drivers`",
    discussion: """
      Git gives the path and of each version a file, its hash and its mode; after a rename the new \
      path too. A file that is not a valid rubric is compared as git does it.
      """,
    shouldDisplay: false)

  @Argument var words: [String]

  func run() throws {
    let terminal = Terminal(color: .never, usesPager: false)
    // Git gives a path alone where it is unmerged.
    guard words.count >= 7 else {
      terminal.line("* Unmerged path \(words.first ?? "")")
      terminal.close()
      return
    }
    let path = words.count > 7 ? words[7] : words[0]
    do {
      let old = try FileInput.whole(words[1])
      let new = try FileInput.whole(words[4])
      terminal.line(
        "rubric \(path)  \(words[2].prefix(12)) → \(words[5].prefix(12))")
      if let left = try? Rubric(parsing: old), let right = try? Rubric(parsing: new),
        let edits = try? left.edits(to: right)
      {
        if edits.isEmpty {
          terminal.line("Only layout or comments differ.")
        } else {
          terminal.line(left.comparability(to: right).sentence)
          terminal.show(edits)
        }
        terminal.close()
      } else {
        terminal.close()
        // 1 is git's word for "they differ".
        let status = try GitProgram.show([
          "--no-pager", "diff", "--no-index", "--no-ext-diff", "--no-textconv", "--no-color", "--",
          words[1], words[4],
        ])
        guard status == 0 || status == 1 else { throw ExitCode(2) }
      }
    } catch let error as ExitCode {
      throw error
    } catch {
      Failure.report(error)
      throw ExitCode(2)
    }
  }
}
