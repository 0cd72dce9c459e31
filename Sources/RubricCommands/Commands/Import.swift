import ArgumentParser
import RubricStore

struct Import: Performing {
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case mpo, paperbench, rubric
  }

  static let configuration = CommandConfiguration(
    abstract: "Bring a rubric from elsewhere into the store",
    discussion: """
      The format is found from the content: MPO's numbered text files, PaperBench's JSON trees, or \
      a rubric document of ours (YAML or JSON). Nothing is dropped: text that has no field goes to \
      preamble, postamble or ext. What could not be mapped is told on standard error.

      A rubric that is in the store already is left alone, unless --update says to commit the \
      difference as typed edits.

      --series takes a run's numbered files and makes a history of them, one commit each, in the \
      order of their numbers. Criteria are matched from each file to the next by title and words; \
      the matching is shown, --write-map keeps it in a file to be corrected, and --map reads that. \
      With --update the series continues the rubric that is there.

      Examples:
        rubricctl import evaluation_rubric_iter_0.txt --id essay -m "Where the run starts"
        rubricctl import --series run/evaluation_rubric_iter_*.txt --id essay --dry-run
      """)

  @Argument(
    help: ArgumentHelp("The file, - for standard input; several with --series", valueName: "file"))
  var files: [String]

  /// The only file.
  var file: String { files.first ?? "-" }

  @Flag(help: "Import numbered files as a history, one commit each")
  var series = false

  @Flag(help: "Take the files of a series in the order in which they are given")
  var asGiven = false

  @Option(
    help: ArgumentHelp("Which criterion is which in the files of a series", valueName: "file"))
  var map: String?

  @Option(help: ArgumentHelp("Write the matching of a series as a map", valueName: "file"))
  var writeMap: String?

  @Option(help: "The format; found from the content if left out")
  var format: Format?

  @Option(help: "The rubric's id; made from the file's name if left out")
  var id: RubricID?

  @Option(name: .customShort("m"), help: ArgumentHelp("Why it is imported", valueName: "why"))
  var message: String?

  @Flag(name: .customLong("repair-ids"), help: "Give criteria whose id is repeated a new one")
  var repairIDs = false

  @Flag(help: "Commit the difference to the rubric that is there as typed edits")
  var update = false

  @Flag(
    name: [.customShort("n"), .customLong("dry-run")], help: "Only show what would be committed")
  var dryRun = false

  @Option(help: "The branch to commit to; the one that is checked out if left out")
  var branch: String?

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func validate() throws {
    if !series {
      if files.count != 1 { throw ValidationError("one file, or several with --series") }
      if asGiven || map != nil || writeMap != nil {
        throw ValidationError("--as-given, --map and --write-map go with --series")
      }
    } else if files.filter({ $0 == "-" }).count > 1 || map == "-" && files.contains("-") {
      throw ValidationError("standard input can be read once")
    }
  }

  func perform(_ terminal: Terminal) throws -> Int32 {
    if series { return try performSeries(terminal) }
    let store = dryRun && !update ? nil : try store.open()
    let bytes = try FileInput.read(file)
    let result: (rubric: Rubric, text: [UInt8], notes: [ImportNote])
    do {
      result = try read(bytes)
    } catch let error as SyntaxError
      where error.findings.contains(where: { $0.code == .duplicateID })
    {
      let isForeign = foreignFormat(of: bytes) != nil
      Failure.report(
        error,
        hint: isForeign && !repairIDs
          ? "--repair-ids gives the later ones new ids, and says which" : nil,
        color: output.color)
      throw ExitCode(2)
    }
    for note in result.notes {
      Terminal.writeError(terminal.paint("note:", .hint) + " \(file):\(note)\n")
    }
    let findings = result.rubric.findings
    guard findings.isEmpty else { throw SyntaxError(file: file, findings: findings) }
    let text = result.text
    let id = result.rubric.id
    let why = message ?? "import \(name)"
    let proposer = MetaUpdate.Proposer(.import, name: name)
    let isThere = try store.map { try self.isThere(id, $0) } ?? false
    if dryRun {
      if update, isThere, let store {
        let old = try store.pull(id, at: branch ?? "HEAD").rubric
        terminal.show(try old.edits(to: result.rubric))
      } else {
        terminal.write(String(decoding: text, as: UTF8.self))
      }
      return 0
    }
    guard let store else { return 0 }
    let outcome: CommitOutcome
    if update, isThere {
      outcome = try store.replace(with: text, rationale: why, proposer: proposer, to: branch)
    } else {
      do throws(StoreError) {
        outcome = try store.create(text, rationale: why, proposer: proposer, to: branch)
      } catch {
        guard error.code == .exists else { throw error }
        var error = error
        error.hint = "choose another --id, or commit the difference as edits with --update"
        throw error
      }
    }
    let notes = result.notes.map { note -> JSONValue in
      [
        "line": note.line.map { .integer($0) } ?? .null,
        "criterion": note.criterion.map { .string($0.rawValue) } ?? .null,
        "message": .string(note.message),
      ]
    }
    terminal.report(outcome, isJSON: output.json, extra: [("notes", .array(notes))])
    return 0
  }

  func isThere(
    _ id: RubricID, _ store: Store, at revision: String? = nil
  ) throws -> Bool {
    do throws(StoreError) {
      return try store.rubrics(at: revision ?? branch ?? "HEAD").contains(id)
    } catch {
      guard error.code == .notFound || error.code == .unborn else { throw error }
      return false
    }
  }

  private var name: String {
    file == "-" ? "standard input" : String(file.split(separator: "/").last ?? "")
  }

  /// The format, as it was named or found; nil for a document of ours.
  private func foreignFormat(of bytes: [UInt8]) -> ImportFormat? {
    switch format {
    case .mpo: .mpo
    case .paperbench: .paperbench
    case .rubric: nil
    case nil: Importer.detect(bytes)
    }
  }

  private func read(
    _ bytes: [UInt8]
  ) throws -> (rubric: Rubric, text: [UInt8], notes: [ImportNote]) {
    guard let foreign = foreignFormat(of: bytes) else {
      let source = try Rubric.source(bytes, file: file)
      guard let id, id != source.rubric.id else { return (source.rubric, bytes, []) }
      var rubric = source.rubric
      rubric.id = id
      return (rubric, try Rubric.rewritten(bytes, source, as: rubric), [])
    }
    let result = try Importer.rubric(
      from: bytes, format: foreign, name: file, id: id, repairIDs: repairIDs)
    return (result.rubric, Array(result.rubric.canonicalText.utf8), result.notes)
  }
}
