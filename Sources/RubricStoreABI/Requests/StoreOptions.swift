internal import RubricStore

/// The options of opening a store.
struct OpenOptions: Record {
  var discover = true
  var cache: String?

  init(blank: ()) {}
  static let recordName = "options object"
  static let fields: [RecordField<OpenOptions>] = [
    .optional("discover", \.discover, default: true, "Whether folders above are tried too."),
    .optional("cache", \.cache, default: nil, "The folder of the pins that processes share."),
  ]
}

/// The options of creating a store.
struct CreateOptions: Record {
  var bare = false
  var branch = "main"
  var cache: String?

  init(blank: ()) {}
  static let recordName = "options object"
  static let fields: [RecordField<CreateOptions>] = [
    .optional("bare", \.bare, default: false, "Whether the repository is without a work tree."),
    .optional("branch", \.branch, default: "main", "The branch that HEAD names at first."),
    .optional("cache", \.cache, default: nil, "The folder of the pins that processes share."),
  ]
}

/// The options of cloning a repository.
struct CloneOptions: Record {
  var bare = false
  var branch: String?
  var cache: String?

  init(blank: ()) {}
  static let recordName = "options object"
  static let fields: [RecordField<CloneOptions>] = [
    .optional("bare", \.bare, default: false, "Whether the clone is without a work tree."),
    .optional("branch", \.branch, default: nil, "The branch to check out."),
    .optional("cache", \.cache, default: nil, "The folder of the pins that processes share."),
  ]
}
