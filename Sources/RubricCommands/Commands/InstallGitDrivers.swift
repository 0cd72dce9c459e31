import ArgumentParser
internal import Glibc
import RubricStore

struct InstallGitDrivers: Performing {
  static let configuration = CommandConfiguration(
    commandName: "install-git-drivers",
    abstract: "Make git merge and show rubrics as rubricctl does",
    discussion: """
      `git merge`, `rebase`, `cherry-pick` and `stash pop` then merge rubrics/*.yaml by criterion and \
      field. A conflict leaves a file that is not valid and lists what is open: settle it with \
      `rubricctl settle PLACE=RULE`, or edit it, then `git add` it.

      `git diff`, `log -p`, `show` and `blame` show a rubric as text that does not depend on the \
      file's layout, a sentence a line. Such a patch cannot be applied: `git diff --no-textconv` \
      makes one that can, and `add -p`, `diff --stat` and `format-patch` take the file as it is. The \
      text of a version is always the same, so that `git config diff.rubric.cachetextconv true` can \
      keep it where a long log is slow; after an update of rubricctl drop what was kept with \
      `git update-ref -d refs/notes/textconv/rubric`. --typed-diff shows typed edits in `git diff`, and with --ext-diff in `log -p` and `show`.

      The settings go to the repository's configuration and the attributes to .gitattributes in the \
      work tree (in a bare repository to info/attributes): commit that file, and run this once in \
      each clone. Without the settings git merges lines, as it does for any file. --global writes \
      both for all repositories of the user.

      Examples:
        rubricctl install-git-drivers
        rubricctl install-git-drivers --global --dry-run
        rubricctl install-git-drivers --uninstall
      """)

  @Flag(help: "For all repositories of the user")
  var global = false

  @Flag(help: "Take the settings and the attributes back")
  var uninstall = false

  @Flag(help: "Let `git diff` show typed edits")
  var typedDiff = false

  @Flag(
    name: [.customShort("n"), .customLong("dry-run")], help: "Only show what would be changed")
  var dryRun = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if uninstall && typedDiff {
      throw ValidationError("--uninstall and --typed-diff exclude each other")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let program = try OwnProgram()
    let repository = global ? nil : try store.open()
    let scope =
      repository.map { ["--git-dir=\($0.gitFolder)", "config", "--local"] }
      ?? ["config", "--global"]
    let changes = try GitDrivers(program: program.word, showsEdits: typedDiff).settings
      .map { setting in
        var setting = setting
        if uninstall { setting.value = nil }
        return try change(setting, scope)
      }
    let attributes = try AttributesFile(repository)
    let old = try attributes.read()
    let new =
      uninstall
      ? DriverAttributes.removing(from: old ?? []) : DriverAttributes.adding(to: old ?? [])
    if let new, !dryRun { try attributes.write(new.isEmpty ? nil : new) }
    if output.json {
      terminal.json([
        "program": .string(program.path), "scope": .string(global ? "global" : "local"),
        "settings": .array(changes.map(\.json)),
        "attributes": [
          "file": .string(attributes.shown),
          "change": .string(new == nil ? "none" : uninstall ? "removed" : "added"),
        ],
        "dry_run": .bool(dryRun),
      ])
      return 0
    }
    let isChanged = new != nil || changes.contains { $0.kind != .none }
    let would = dryRun ? "would be " : ""
    for change in changes where change.kind != .none {
      terminal.line(
        "\(would)\(change.kind.rawValue): \(terminal.paint(change.name, .id))"
          + (change.value.map { " = \($0)" } ?? ""))
    }
    if new != nil {
      terminal.line(
        "\(would)\(uninstall ? "removed from" : "added to") \(attributes.shown): "
          + DriverAttributes.line)
    }
    guard isChanged else {
      terminal.line(
        uninstall
          ? "Git has no drivers of rubricctl here; nothing was changed."
          : "Git has the drivers already; nothing was changed.")
      return 0
    }
    if !uninstall { advise(program, repository, isNew: new != nil, terminal) }
    return 0
  }

  private func advise(
    _ program: OwnProgram, _ repository: Store?, isNew: Bool, _ terminal: Terminal
  ) {
    func tell(_ kind: String, _ label: Label, _ text: String) {
      Terminal.writeError("\(terminal.paint(kind, label)) \(text)\n")
    }
    if !program.isOnPath {
      tell(
        "hint:", .hint,
        "git runs \(program.path); run this command again if that moves, or put rubricctl on the "
          + "PATH first")
    }
    guard let repository, !dryRun else { return }
    if isNew, !repository.isBare {
      tell(
        "hint:", .hint,
        "commit .gitattributes; each clone runs `rubricctl install-git-drivers` once")
    }
    // Another line may come later in the file, or info/attributes over it.
    let check =
      [
        "--git-dir=\(repository.gitFolder)"
      ] + (repository.workTree.map { ["--work-tree=\($0)"] } ?? [])
    let path = "rubrics/x.yaml"
    guard
      let answer = try? GitProgram.run(check + ["check-attr", "merge", "diff", "--", path]),
      answer.status == 0
    else { return }
    for line in answer.output.split(separator: "\n") where !line.hasSuffix(": rubric") {
      tell("warning:", .warning, "another attribute is set over ours: \(line)")
    }
  }

  /// Makes one setting what it should be.
  private func change(_ setting: GitDrivers.Setting, _ scope: [String]) throws -> Change {
    let found = try GitProgram.run(scope + ["--get-all", setting.name])
    guard found.status == 0 || found.status == 1 else {
      throw InputError(
        "git cannot read its configuration: "
          + (found.errors.split(separator: "\n").first.map(String.init) ?? "no reason given"))
    }
    let values = found.output.split(separator: "\n").map(String.init)
    var change = Change(name: setting.name, value: setting.value, kind: .none)
    if let value = setting.value {
      guard values != [value] else { return change }
      change.kind = .set
      if !dryRun {
        try GitProgram.require(scope + ["--replace-all", setting.name, value])
      }
    } else if !values.isEmpty {
      change.kind = .removed
      if !dryRun { try GitProgram.require(scope + ["--unset-all", setting.name]) }
    }
    return change
  }

  private struct Change {
    enum Kind: String {
      case none, set, removed
    }

    var name: String
    var value: String?
    var kind: Kind

    var json: JSONValue {
      [
        "name": .string(name), "value": value.map { .string($0) } ?? .null,
        "change": .string(kind.rawValue),
      ]
    }
  }
}

/// The attributes file that the line goes to.
private struct AttributesFile {
  /// Nil for the user's own file.
  private let store: Store?
  /// The path, where the file is not one of a work tree.
  private let path: String?
  /// The file for people.
  let shown: String

  init(_ store: Store?) throws {
    self.store = store
    guard let store else {
      let configured = try GitProgram.run([
        "config", "--type=path", "--get", "core.attributesFile",
      ]).output.split(separator: "\n").first.map(String.init)
      let home = Environment["HOME"] ?? ""
      let folder = Environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 }
      guard configured != nil || folder != nil || !home.isEmpty else {
        throw InputError("there is no HOME, so that the user has no attributes file")
      }
      let file = configured ?? "\(folder ?? "\(home)/.config")/git/attributes"
      (path, shown) = (file, file)
      return
    }
    if store.isBare {
      let file = "\(store.gitFolder)info/attributes"
      (path, shown) = (file, file)
    } else {
      (path, shown) = (nil, ".gitattributes")
    }
  }

  func read() throws -> [UInt8]? {
    guard let path else { return try store?.attributes() }
    return access(path, F_OK) == 0 ? try FileInput.read(path) : nil
  }

  /// Writes the file; nil removes it.
  func write(_ bytes: [UInt8]?) throws {
    guard let path else {
      try store?.setAttributes(bytes)
      return
    }
    guard let bytes else {
      guard unlink(path) == 0 || errno == ENOENT else {
        throw InputError("cannot remove `\(path)`: \(String(cString: strerror(errno)))")
      }
      return
    }
    // The folders that git itself would expect there.
    for index in path.indices.dropFirst() where path[index] == "/" {
      _ = mkdir(String(path[..<index]), 0o777)
    }
    try FileInput.write(bytes, to: path)
  }
}
