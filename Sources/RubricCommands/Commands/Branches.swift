import ArgumentParser
import RubricStore

struct BranchCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "branch", abstract: "List, create or delete branches",
    discussion: """
      Examples:
        rubricctl branch              list them
        rubricctl branch exp-b        create one at HEAD
        rubricctl branch exp-b main~2 create one there
        rubricctl branch -d exp-b     delete one whose commits are on another
      """)

  @Argument(help: "The branch to create or delete")
  var name: String?

  @Argument(help: ArgumentHelp("Where it starts", valueName: "rev"))
  var start: String?

  @Flag(name: [.customShort("d"), .long], help: "Delete it")
  var delete = false

  @Flag(name: .customShort("D"), help: "Delete it even if its commits are on no other branch")
  var forceDelete = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if delete || forceDelete {
      guard name != nil else { throw ValidationError("name the branch to delete") }
      guard start == nil else { throw ValidationError("-d takes one branch") }
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    guard let name else {
      let branches = try store.branches()
      for branch in branches { terminal.show(branch, isJSON: output.json) }
      if branches.isEmpty, !output.json {
        Terminal.writeError("no branch has a commit yet; HEAD is \(try store.head().name)\n")
      }
      return 0
    }
    if delete || forceDelete {
      let branch: Branch
      do throws(StoreError) {
        branch = try store.deleteBranch(name, isForced: forceDelete)
      } catch {
        var error = error
        if error.code == .refused, error.hint == nil {
          error.hint = "delete it all the same with -D"
        }
        throw error
      }
      if output.json {
        terminal.show(branch, isJSON: true)
      } else {
        terminal.line("Deleted branch \(name) (it was \(branch.tip.prefix(12)))")
      }
      return 0
    }
    let branch = try store.createBranch(name, at: start ?? "HEAD")
    if output.json {
      terminal.show(branch, isJSON: true)
    } else {
      terminal.line("Created branch \(name) at \(terminal.paint(branch.tip.prefix(12), .commit))")
    }
    return 0
  }
}

struct Switch: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Check a branch out",
    discussion: "Files that were changed and not committed are never overwritten.")

  @Argument(help: "The branch")
  var name: String

  @Argument(help: ArgumentHelp("Where a new branch starts, with -c", valueName: "rev"))
  var start: String?

  @Flag(name: [.customShort("c"), .long], help: "Create it first")
  var create = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if start != nil, !create { throw ValidationError("a start goes with -c") }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    if create { try store.createBranch(name, at: start ?? "HEAD") }
    try store.switchTo(name)
    let head = try store.head()
    if output.json {
      terminal.json([
        "branch": .string(head.name), "commit": head.commit.map { .string($0.hex) } ?? .null,
      ])
    } else {
      terminal.line(
        "Switched to \(create ? "new " : "")branch \(name)"
          + (head.commit.map { " at \(terminal.paint($0.prefix(12), .commit))" } ?? ""))
    }
    return 0
  }
}

struct TagCommand: Performing {
  static let configuration = CommandConfiguration(
    commandName: "tag", abstract: "List, create or delete tags",
    discussion: """
      A tag with -m is an annotated one. A tag stays where it is: to move one, delete it first.

      Examples:
        rubricctl tag                          list them
        rubricctl tag paper-v1 -m "As printed" create one at HEAD
        rubricctl tag paper-v1 main~3          create one there
      """)

  @Argument(help: "The tag to create or delete")
  var name: String?

  @Argument(help: ArgumentHelp("The commit", valueName: "rev"))
  var revision: String?

  @Option(name: .customShort("m"), help: ArgumentHelp("Why", valueName: "why"))
  var message: String?

  @Flag(name: [.customShort("d"), .long], help: "Delete it")
  var delete = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if name == nil, delete || message != nil { throw ValidationError("name the tag") }
    if let message, message.allSatisfy(\.isWhitespace) {
      throw ValidationError("-m needs a reason; leave it out for a lightweight tag")
    }
    if delete, revision != nil || message != nil {
      throw ValidationError("-d takes one tag and nothing else")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    guard let name else {
      for tag in try store.tags() { terminal.show(tag, isJSON: output.json) }
      return 0
    }
    let tag =
      delete
      ? try store.deleteTag(name)
      : try store.createTag(name, at: revision ?? "HEAD", message: message)
    if output.json {
      terminal.show(tag, isJSON: true)
    } else {
      let commit = tag.commit.map { terminal.paint($0.prefix(12), .commit) } ?? "?"
      terminal.line(
        delete ? "Deleted tag \(name) (it was \(commit))" : "Created tag \(name) at \(commit)")
    }
    return 0
  }
}

extension Terminal {
  fileprivate func show(_ branch: Branch, isJSON: Bool) {
    if isJSON {
      json([
        "branch": .string(branch.name), "commit": .string(branch.tip.hex),
        "checkedOut": .bool(branch.isCheckedOut),
      ])
    } else {
      line(
        (branch.isCheckedOut ? "* " : "  ") + paint(branch.name, .id) + " "
          + paint(branch.tip.prefix(12), .commit))
    }
  }

  fileprivate func show(_ tag: Tag, isJSON: Bool) {
    if isJSON {
      json([
        "tag": .string(tag.name), "commit": tag.commit.map { .string($0.hex) } ?? .null,
        "message": tag.message.map { .string($0) } ?? .null,
      ])
    } else {
      let subject = tag.message?.split(separator: "\n").first.map { "  \($0)" } ?? ""
      line(
        paint(tag.name, .id) + " " + paint(tag.commit?.prefix(12) ?? "?", .commit) + subject)
    }
  }
}
