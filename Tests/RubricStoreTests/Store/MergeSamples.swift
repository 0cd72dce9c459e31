import RubricStore

/// Options of a merge by the sample's author.
func mergeOptions(_ body: (inout MergeOptions) -> Void = { _ in }) -> MergeOptions {
  var options = MergeOptions(author: Sample.author)
  body(&options)
  return options
}

extension MergeOptions {
  init(author: Identity) {
    self.init()
    self.author = author
  }
}

extension Store {
  func merge(_ revision: String, _ options: MergeOptions) throws -> MergeReport {
    try merge(revision, into: nil, options)
  }

  /// Two versions with one base: a weight that both changed, and more that is one's alone.
  @discardableResult
  func clash() throws -> (ours: ObjectID, theirs: ObjectID) {
    try createBranch("exp")
    let ours = try commit(
      sample: Sample.reweight("flow", from: 3, to: 4, because: "it matters")
    ).commit
    try commit(sample: Sample.reweight("depth", from: 1, to: 2))
    let theirs = try commit(
      sample: Sample.reweight("flow", from: 3, to: 8, because: "it matters more"), to: "exp"
    ).commit
    try commit(sample: Sample.reweight("facts", from: 1, to: 2), to: "exp")
    return (ours, theirs)
  }
}
