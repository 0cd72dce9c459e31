import Foundation
import RubricStore
import Testing

/// A history of one rubric, commit by commit, made without a work tree.
struct HistoryBuilder {
  let sandbox: GitSandbox
  let store: Store
  private var seconds: Int64 = 1_700_000_000

  init() throws {
    sandbox = try GitSandbox(bare: true)
    store = try sandbox.store()
  }

  /// Commits a version on top of any parents, with a message that records nothing unless it is given.
  mutating func commit(
    _ rubric: Rubric, _ parents: [ObjectID], _ message: String = "by git\n",
    at time: Int64? = nil
  ) throws -> ObjectID {
    try commit(text: rubric.canonicalText, parents, message, at: time)
  }

  mutating func commit(
    text: String?, _ parents: [ObjectID], _ message: String = "by git\n", at time: Int64? = nil
  ) throws -> ObjectID {
    seconds += 60
    var person = GitSandbox.person
    person.seconds = time ?? seconds
    let repository = try sandbox.open()
    let path = try RepositoryPath(GitSandbox.file)
    var edits: [TreeEdit] = []
    if let text {
      edits.append(TreeEdit(path: path, blob: try repository.writeBlob(Array(text.utf8))))
    }
    let tree = try repository.writeTree(from: nil, edits: edits).root
    return try repository.writeCommit(
      tree: tree, parents: parents, author: person, committer: person, message: message)
  }

  /// Makes edits and commits them as a meta-update that records them.
  mutating func update(
    _ rubric: inout Rubric, _ parents: [ObjectID], _ changes: [Edit.Change],
    because rationale: String = "why"
  ) throws -> ObjectID {
    let edits = changes.map { Edit($0, rationale: rationale) }
    let settled = try rubric.settling(edits, by: .human)
    let comparability = rubric.comparability(to: settled.rubric)
    rubric = settled.rubric
    let update = MetaUpdate(rubric: rubric.id, edits: settled.edits)
    return try commit(rubric, parents, CommitMessage.text(update, comparability: comparability))
  }

  /// Lets `main` name a commit.
  func finish(_ commit: ObjectID) throws {
    try sandbox.git("update-ref", "refs/heads/main", commit.hex)
  }
}

extension Blame {
  func part(_ id: CriterionID?) -> Blame.Part? {
    id == nil ? document : criteria.first { $0.criterion == id }
  }

  func line(_ id: CriterionID?, _ field: FieldName) -> Blame.Line? {
    part(id)?.lines.first { $0.field == field }
  }

  func commit(_ id: CriterionID?, _ field: FieldName) -> ObjectID? {
    line(id, field)?.source.commit
  }
}
