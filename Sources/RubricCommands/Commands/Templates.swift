import ArgumentParser
internal import Glibc
import MetaEditor
import RubricStore

struct Templates: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List, show and export the prompts that models are asked with",
    discussion: """
      A file \(PromptTemplates.folder)/NAME.mustache in the repository replaces the template NAME for \
      every rubric of that commit and those after it; `--templates DIR` of the commands that ask a \
      model does so for one run. The version of a template is the SHA-256 of its text, and it is a part \
      of what every verdict and every meta-update says of where it comes from.

        rubricctl templates export \(PromptTemplates.folder)
        $EDITOR \(PromptTemplates.folder)/judge-criterion.mustache
        git add \(PromptTemplates.folder) && git commit -m "The judge sees examples"
      """,
    subcommands: [TemplatesList.self, TemplatesShow.self, TemplatesExport.self],
    defaultSubcommand: TemplatesList.self)
}

/// Which commit's templates are meant.
struct TemplateSource: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The commit whose templates are meant; HEAD if left out, if there is a repository",
      valueName: "rev"))
  var at: String?

  @OptionGroup var options: TemplateOptions
  @OptionGroup var store: StoreOptions

  func load() throws -> PromptTemplates {
    let store: Store
    do throws(StoreError) {
      store = try Store.open(".")
    } catch {
      guard error.code == .notARepository, at == nil else { throw error }
      return try options.load(from: nil, at: nil)
    }
    if at == nil, try store.head().commit == nil { return try options.load(from: nil, at: nil) }
    return try options.load(from: store, at: try store.resolve(at ?? "HEAD"))
  }
}

struct TemplatesList: Performing {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the templates, their versions and where they come from")

  @OptionGroup var source: TemplateSource
  @OptionGroup(title: "Output") var output: OutputOptions
  var directory: String? { source.store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    for entry in try source.load().entries {
      if output.json {
        terminal.json(entry.json(withText: false))
      } else {
        terminal.line(
          [
            terminal.paint(entry.kind.name, .id), entry.shortVersion, entry.origin ?? "built in",
            entry.kind.about,
          ].joined(separator: "\t"))
      }
    }
    return 0
  }
}

struct TemplatesShow: Performing {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the text of a template, or what can stand in it")

  @Argument(help: "The template's name") var name: String

  @Flag(help: "Show the placeholders that the template may hold instead") var placeholders = false

  @OptionGroup var source: TemplateSource
  @OptionGroup(title: "Output") var output: OutputOptions
  var directory: String? { source.store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let templates = try source.load()
    guard let entry = templates[name] else {
      let names = templates.entries.map(\.kind.name)
      throw InputError(
        "there is no template `\(name)`",
        hint: Suggestion.didYouMean(name, among: names)
          ?? "the templates are \(Suggestion.list(names, conjunction: "and"))")
    }
    if output.json {
      terminal.json(entry.json(withText: true))
    } else if placeholders {
      for placeholder in entry.kind.placeholders { terminal.show(placeholder, indent: "") }
    } else {
      terminal.write(entry.text.hasSuffix("\n") ? entry.text : entry.text + "\n")
    }
    return 0
  }
}

struct TemplatesExport: Performing {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the program's own templates to a folder, to be edited",
    discussion: """
      Files that are there already are left as they are, unless --force is given.
      """)

  @Argument(help: "The folder; it is made if it is not there") var folder: String

  @Option(help: ArgumentHelp("Only this template (can be repeated)", valueName: "name"))
  var only: [String] = []

  @Flag(help: "Replace files that are there") var force = false

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let kinds = TemplateKind.all
    let names = kinds.map(\.name)
    if let unknown = only.first(where: { !names.contains($0) }) {
      throw InputError(
        "there is no template `\(unknown)`", hint: Suggestion.didYouMean(unknown, among: names))
    }
    try Self.make(folder)
    for kind in kinds where only.isEmpty || only.contains(kind.name) {
      let path =
        (folder.hasSuffix("/") ? folder : folder + "/") + kind.name
        + PromptTemplates.fileEnding
      let isThere = access(path, F_OK) == 0
      let isWritten = force || !isThere
      if isWritten { try FileInput.write(kind.text, to: path) }
      if output.json {
        terminal.json([
          "name": .string(kind.name), "file": .string(path), "written": .bool(isWritten),
        ])
      } else {
        terminal.line(isWritten ? path : "\(path)\tis there already, left as it is")
      }
    }
    return 0
  }

  /// Makes a folder and those above it.
  private static func make(_ folder: String) throws {
    var path = folder.hasPrefix("/") ? "/" : ""
    for part in folder.split(separator: "/") {
      path += part
      if mkdir(path, 0o777) != 0, errno != EEXIST {
        throw FileInput.failure(path, "make the folder")
      }
      path += "/"
    }
  }
}

extension PromptTemplates.Entry {
  /// The entry as JSON.
  fileprivate func json(withText isShown: Bool) -> JSONValue {
    var object: JSONObject = [
      "name": .string(kind.name), "version": .string(version),
      "builtIn": .bool(origin == nil), "origin": origin.map { .string($0) } ?? .null,
      "about": .string(kind.about), "placeholders": .array(kind.placeholders.map(\.json)),
    ]
    if isShown { object["text"] = .string(text) }
    return .object(object)
  }
}

extension TemplateKind.Placeholder {
  /// The placeholder as JSON.
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "required": .bool(isRequired), "about": .string(about),
      "members": .array(members.map(\.json)),
    ]
  }
}

extension Terminal {
  fileprivate func show(_ placeholder: TemplateKind.Placeholder, indent: String) {
    let name = placeholder.members.isEmpty ? placeholder.name : "#\(placeholder.name)"
    line(
      "\(indent){{\(name)}}\t\(placeholder.isRequired ? "required" : "optional")\t"
        + placeholder.about)
    for member in placeholder.members { show(member, indent: indent + "  ") }
  }
}
