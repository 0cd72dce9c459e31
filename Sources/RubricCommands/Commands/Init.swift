import ArgumentParser
import RubricStore

struct Init: Performing {
  static let configuration = CommandConfiguration(
    abstract: "Make a store, or add to a git repository that is there",
    discussion: """
      A store is a git repository. In one that exists already nothing is changed: rubrics go to \
      its rubrics/ folder with the first import.
      """)

  @Argument(help: "The folder; it is created where it is not there")
  var folder = "."

  @Flag(help: "Make a repository without a work tree, as servers keep them")
  var bare = false

  @Option(name: [.customShort("b"), .long], help: "The first branch of a new repository")
  var initialBranch = "main"

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let (store, isNew) = try Store.create(folder, bare: bare, initialBranch: initialBranch)
    let place = store.workTree ?? store.gitFolder
    if output.json {
      terminal.json([
        "gitFolder": .string(store.gitFolder),
        "workTree": store.workTree.map { .string($0) } ?? .null, "isNew": .bool(isNew),
      ])
    } else {
      terminal.line(
        isNew
          ? "Made an empty store in \(place)" : "Using the git repository that is in \(place)")
    }
    if bare, !isNew, !store.isBare {
      Terminal.writeError(
        terminal.paint("warning:", .warning) + " the repository has a work tree already\n")
    }
    return 0
  }
}
