internal import RubricStore

/// Who makes a commit, where it goes, and why: the options of all that commits a rubric.
struct CommitOptions: Record {
  var rationale = ""
  var branch: String?
  var proposer = ProposerRequest(blank: ())
  var author: AuthorRequest?

  init(blank: ()) {}
  static let recordName = "options object"
  static let fields: [RecordField<CommitOptions>] = [
    .optional("rationale", \.rationale, default: "", "Why, as a whole."),
    .optional(
      "branch", \.branch, default: nil, "The branch; the one that is checked out if left out."),
    .optional("proposer", \.proposer, default: ProposerRequest(blank: ()), "Who proposes it."),
    .optional("author", \.author, default: nil, "Who commits; git's own answer if left out."),
  ]
}

/// Who proposes a change, and so what it may touch.
struct ProposerRequest: Record {
  var author = EditAuthor.human
  var name = ""

  init(blank: ()) {}
  static let recordName = "proposer"
  static let fields: [RecordField<ProposerRequest>] = [
    .optional("author", \.author, default: .human, "human, meta or import."),
    .optional("name", \.name, default: "", "A name: a program, a model, a run."),
  ]

  var proposer: MetaUpdate.Proposer { MetaUpdate.Proposer(author, name: name) }
}

/// Who makes a commit, as git writes it down.
struct AuthorRequest: Record {
  var name = ""
  var email = ""

  init(blank: ()) {}
  static let recordName = "author"
  static let fields: [RecordField<AuthorRequest>] = [
    .required("name", \.name, "The name."),
    .required("email", \.email, "The address."),
  ]

  var identity: Identity { Identity(name: name, email: email) }
}

/// Makes a commit; where git does not know who commits, the error says that the request can.
func namingAuthor<Result>(
  _ body: () throws(StoreError) -> Result
) throws(StoreError) -> Result {
  do throws(StoreError) {
    return try body()
  } catch {
    guard error.code == .noIdentity else { throw error }
    var error = error
    let other = error.hint.map { ", or \($0)" } ?? ""
    error.hint = #"pass `"author": {"name": NAME, "email": ADDRESS}`"# + other
    throw error
  }
}
