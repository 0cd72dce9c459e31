import Foundation
import RubricStore
import Testing

/// What the tests of the store work on.
enum Sample {
  static let author = Identity(
    name: "Ada Löwe", email: "ada@example.org", seconds: 1_700_000_000, offsetMinutes: 60)

  /// A rubric as a person writes it.
  static let essay = """
    # The essay rubric.
    schema: rubric/1   # the format
    id: essay

    # What the judge reads first.
    preamble: |
      Grade the essay.

    criteria:
        # Does it flow?
        - id: flow
          title: 'Flow'   # short
          weight:   3  # of ten
          text: >
            The essay flows
            from start to end.
          scale:
            numeric: {min: 0, max: 5, step: 1} # inclusive

        - id: content
          criteria:
          - id: facts
            text: "Its claims are backed by sources."
            pinned: true   # people decide
          - {id: depth, text: It goes deep., tags: [a, "b c"]}
    # the end

    """

  static var essayBytes: [UInt8] { Array(essay.utf8) }

  static func rubric() throws -> Rubric { try Rubric(parsing: essay) }

  static func reweight(
    _ id: CriterionID, from before: Double, to after: Double, because rationale: String = "why"
  ) -> MetaUpdate {
    MetaUpdate(
      rubric: "essay",
      edits: [Edit(.reweight(id, Delta(before: before, after: after)), rationale: rationale)])
  }
}

extension GitSandbox {
  /// The file of the essay rubric.
  static let file = "rubrics/essay.yaml"

  func store() throws -> Store {
    try Self.isFast.get()
    return try Store.open(path)
  }

  /// No test cuts the power, so none needs to wait for the disk.
  private static let isFast = Result { try Store.setDurable(false) }

  /// A sandbox whose store holds the essay rubric.
  static func withEssay(bare: Bool = false) throws -> (sandbox: GitSandbox, store: Store) {
    let sandbox = try GitSandbox(bare: bare)
    let store = try sandbox.store()
    try store.create(Sample.essayBytes, rationale: "Where it starts", author: Sample.author)
    return (sandbox, store)
  }

  /// The lines that git prints.
  func lines(_ arguments: String...) throws -> [String] {
    try git(arguments).split(separator: "\n").map(String.init)
  }

  /// All files in the folder with their bytes, the repository's own among them.
  func files() throws -> [String: Data] {
    var files: [String: Data] = [:]
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    for name in names { files[name] = FileManager.default.contents(atPath: path + "/" + name) }
    return files
  }
}

extension Store {
  /// What HEAD names, in words.
  func headWords() throws -> String {
    let head = try head()
    return "\(head.isBranch ? "branch" : "commit") \(head.name) at \(head.commit?.hex ?? "nothing")"
  }

  /// What differs in the work tree, in words.
  func changeWords() throws -> [String] {
    try workTreeChanges().map { "\($0.rubric) \($0.kind.rawValue)" }
  }

  @discardableResult
  func commit(sample update: MetaUpdate, to branch: String? = nil) throws -> CommitOutcome {
    try commit(update, to: branch, author: Sample.author)
  }
}

/// Records an issue unless `body` throws a ``StoreError`` of a code, and returns it.
@discardableResult
func expectStoreError(
  _ code: StoreError.Code, _ comment: @autoclosure () -> String = "",
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) -> StoreError? {
  do {
    try body()
    Issue.record(
      "no error; expected \(code.rawValue) \(comment())", sourceLocation: sourceLocation)
  } catch let error as StoreError {
    if error.code != code {
      Issue.record(
        "\(error.code.rawValue), expected \(code.rawValue): \(error) \(comment())",
        sourceLocation: sourceLocation)
    }
    return error
  } catch {
    Issue.record(error, sourceLocation: sourceLocation)
  }
  return nil
}
