import ArgumentParser
internal import Glibc
import MetaEditor
import RubricStore

struct PolicyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "policy",
    abstract: "Show, start or check what a meta-update must pass",
    discussion: """
      The policy is the file .rubric/policy.yaml, versioned with the rubrics. What it leaves out is at \
      its default; without a file everything is. What counts is the version in the commit that a \
      meta-update builds on, and not what lies in the work tree.

      Examples:
        rubricctl policy show             what counts now
        rubricctl policy init             write a file with comments, to edit and commit
        rubricctl policy check FILE       tell all that is wrong with one
      """,
    subcommands: [Show.self, Init.self, Check.self], defaultSubcommand: Show.self)
}

extension PolicyCommand {
  struct Show: Performing {
    static let configuration = CommandConfiguration(
      abstract: "Show the policy of a commit with every value in it")

    @Argument(help: ArgumentHelp("The commit", valueName: "rev"))
    var revision = "HEAD"

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup var store: StoreOptions
    var directory: String? { store.directory }

    func perform(_ terminal: Terminal) throws -> Int32 {
      let store = try store.open()
      let held: CommittedPolicy?
      if revision == "HEAD", try store.head().commit == nil {
        held = nil
      } else {
        held = try store.policy(at: store.resolve(revision))
      }
      let policy = held?.policy ?? Policy()
      if output.json {
        terminal.json([
          "commit": held.map { .string($0.commit.hex) } ?? .null, "path": .string(Policy.path),
          "digest": held?.digest.map { .string($0) } ?? .null, "policy": policy.effectiveJSON,
        ])
      } else {
        let place = held.map { "at \($0.commit.prefix(12))" } ?? "yet, as there is no commit"
        terminal.line(
          held?.digest == nil
            ? "# no \(Policy.path) \(place): everything is at its default"
            : "# \(Policy.path) \(place)")
        terminal.write(policy.effectiveText)
      }
      if revision == "HEAD" { try warn(of: store, digest: held?.digest) }
      return 0
    }

    /// Says that a file in the work tree does not count yet.
    private func warn(of store: Store, digest: String?) throws {
      guard let path = store.policyFile, access(path, F_OK) == 0 else { return }
      let bytes = try FileInput.read(path)
      guard SHA256.hex(bytes) != digest else { return }
      Terminal.writeError(
        "note: `\(Policy.path)` in the work tree is another one; it counts once it is committed\n")
    }
  }

  struct Init: Performing {
    static let configuration = CommandConfiguration(
      abstract: "Write a policy with every value and what it means, to edit and commit")

    @Flag(help: "Print it instead of writing .rubric/policy.yaml to the work tree")
    var print = false

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup var store: StoreOptions
    var directory: String? { store.directory }

    func perform(_ terminal: Terminal) throws -> Int32 {
      let text = Policy().commentedText
      guard !print else {
        if output.json { terminal.json(Policy().effectiveJSON) } else { terminal.write(text) }
        return 0
      }
      guard let path = try store.open().policyFile else {
        throw InputError(
          "the repository is bare, so that there is no work tree to write to",
          hint: "`rubricctl policy init --print > .rubric/policy.yaml` in a clone of it")
      }
      guard access(path, F_OK) != 0 else {
        throw InputError(
          "`\(Policy.path)` is there already",
          hint: "`rubricctl policy init --print` shows what a new one would hold")
      }
      let folder = String(path.dropLast(Policy.path.utf8.count) + ".rubric")
      if mkdir(folder, 0o777) != 0, errno != EEXIST {
        throw InputError("cannot make `\(folder)`: \(String(cString: strerror(errno)))")
      }
      try FileInput.write(text, to: path)
      if output.json {
        terminal.json(["path": .string(path)])
      } else {
        terminal.line("wrote \(Policy.path)")
        Terminal.writeError(
          "hint: edit it, then `git add \(Policy.path) && git commit`; it counts once it is committed\n"
        )
      }
      return 0
    }
  }

  struct Check: Performing {
    static let configuration = CommandConfiguration(
      abstract: "Tell all that is wrong with policy files",
      discussion: "The exit status is 1 if there is anything.")

    @Argument(help: ArgumentHelp("Policies, YAML or JSON; - for standard input", valueName: "file"))
    var files: [String]

    @OptionGroup(title: "Output") var output: OutputOptions
    @OptionGroup var store: StoreOptions
    var directory: String? { store.directory }

    func perform(_ terminal: Terminal) throws -> Int32 {
      try terminal.findings(of: files, isJSON: output.json) { Policy.findings(in: $0) }
    }
  }
}

extension Store {
  /// Where the policy lies in the work tree; nil for a bare repository.
  fileprivate var policyFile: String? { workTree.map { $0 + Policy.path } }
}
