/// A branch of a store.
public struct Branch: Hashable, Sendable {
  /// The short name: `main`, `runs/seed-3`.
  public var name: String
  /// The newest commit.
  public var tip: ObjectID
  /// Whether HEAD names it.
  public var isCheckedOut: Bool
}

/// A tag of a store.
public struct Tag: Hashable, Sendable {
  /// The short name.
  public var name: String
  /// The commit; nil for a tag of something else.
  public var commit: ObjectID?
  /// Why it was tagged; nil for a lightweight tag.
  public var message: String?
}

/// What HEAD of a store names.
public struct Head: Hashable, Sendable {
  /// The branch's short name, or the commit's hash where no branch is checked out.
  public var name: String
  /// Whether a branch is checked out.
  public var isBranch: Bool
  /// The commit; nil for a branch without commits.
  public var commit: ObjectID?
}

extension Store {
  /// Returns what HEAD names.
  ///
  /// - Returns: A branch or a commit.
  /// - Throws: ``StoreError``.
  public func head() throws(StoreError) -> Head {
    let head = try inRepository { repository throws(StoreError) in
      try inGit { () throws(GitError) in try repository.head() }
    }
    switch head {
    case .branch(let name, let tip): return Head(name: name.short, isBranch: true, commit: tip)
    case .detached(let id): return Head(name: id.hex, isBranch: false, commit: id)
    }
  }

  /// Returns the branches, ordered by name.
  ///
  /// - Returns: Local branches with at least one commit.
  /// - Throws: ``StoreError``.
  public func branches() throws(StoreError) -> [Branch] {
    try inRepository { repository throws(StoreError) in
      try inGit { () throws(GitError) in
        let head = try repository.head()
        return try repository.branches().map { branch in
          var isCheckedOut = false
          if case .branch(let name, _) = head { isCheckedOut = name == branch.name }
          return Branch(name: branch.name.short, tip: branch.tip, isCheckedOut: isCheckedOut)
        }
      }
    }
  }

  /// Returns the newest commit of a branch, without a look at the others.
  ///
  /// - Parameter branch: The short name.
  /// - Returns: Nil where there is no branch of that name, or it has no commits.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/invalidName`` for what can be no branch.
  public func tip(of branch: String) throws(StoreError) -> ObjectID? {
    try withGit { repository throws(GitError) in
      try repository.follow(.branch(branch)).object
    }
  }

  /// Returns the tags, ordered by name.
  ///
  /// - Returns: Annotated and lightweight tags.
  /// - Throws: ``StoreError``.
  public func tags() throws(StoreError) -> [Tag] {
    try inRepository { repository throws(StoreError) in
      try inGit { () throws(GitError) in
        try repository.tags().map {
          Tag(name: $0.name.short, commit: $0.commit, message: $0.annotation?.message)
        }
      }
    }
  }

  /// Creates a branch.
  ///
  /// - Parameters:
  ///   - name: The short name.
  ///   - revision: The commit that it starts at.
  /// - Returns: The branch.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/exists``; of two that create the same
  ///   branch at once one is told.
  @discardableResult
  public func createBranch(
    _ name: String, at revision: String = "HEAD"
  ) throws(StoreError) -> Branch {
    let tip = try resolve(revision)
    try retrying(attempts: CommitRetry.shortAttempts) { _ throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        let identity = try repository.reflogIdentity()
        do throws(GitError) {
          try repository.moveReference(
            .branch(name), to: tip, expecting: nil, message: "branch: Created from \(revision)",
            by: identity)
        } catch {
          guard error.code == .modified else { throw StoreError(error) }
          throw StoreError(
            .exists, "there is a branch `\(name)` already",
            hint: "`rubricctl switch \(name)` checks it out")
        }
      }
    }
    return Branch(name: name, tip: tip, isCheckedOut: false)
  }

  /// Deletes a branch; its commits stay until git collects garbage.
  ///
  /// - Parameters:
  ///   - name: The short name.
  ///   - isForced: Whether a branch goes whose commits no other branch has.
  /// - Returns: The branch as it was.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/refused`` for the branch that is checked
  ///   out, and for commits that would be lost; ``StoreError/Code/notFound``.
  @discardableResult
  public func deleteBranch(
    _ name: String, isForced: Bool = false
  ) throws(StoreError) -> Branch {
    let branches = try branches()
    guard let branch = branches.first(where: { $0.name == name }) else {
      throw StoreError(
        .notFound, "there is no branch \(quoted(name))",
        hint: Suggestion.didYouMean(name, among: branches.map(\.name)))
    }
    guard !branch.isCheckedOut else {
      throw StoreError(
        .refused, "`\(name)` is the branch that is checked out",
        hint: "`rubricctl switch` to another first")
    }
    try inRepository { repository throws(StoreError) in
      try repository.endKeptMerge(of: branch.name, isForced: isForced)
      try inGit { () throws(GitError) in
        if !isForced {
          var isKept = false
          for other in branches where other.name != name && !isKept {
            isKept = other.tip == branch.tip
            if !isKept { isKept = try repository.isAncestor(branch.tip, of: other.tip) }
          }
          guard isKept else {
            throw GitError(
              .unsupported, operation: "git_branch_delete",
              message: "no other branch has the commits of `\(name)`, up to "
                + branch.tip.prefix(12))
          }
        }
        try repository.deleteReference(.branch(name), expecting: branch.tip)
      }
    }
    return branch
  }

  /// Creates a tag.
  ///
  /// - Parameters:
  ///   - name: The short name.
  ///   - revision: The commit.
  ///   - message: Why, for an annotated tag; nil for a lightweight one.
  ///   - tagger: Who tags; nil for git's own answer.
  /// - Returns: The tag.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/exists``: a tag is not moved.
  @discardableResult
  public func createTag(
    _ name: String, at revision: String = "HEAD", message: String? = nil, tagger: Identity? = nil
  ) throws(StoreError) -> Tag {
    let commit = try resolve(revision)
    let (reference, target, identity) = try inRepository {
      repository throws(StoreError) -> (ReferenceName, ObjectID, GitSignature) in
      let reference = try inGit { () throws(GitError) in try ReferenceName.tag(name) }
      var target = commit
      let reflogIdentity: GitSignature
      if let message {
        let signature = try tagger.or { () throws(StoreError) in
          try repository.identity(.committer)
        }.signature()
        reflogIdentity = signature
        target = try inGit { () throws(GitError) in
          let id = try repository.writeTag(
            reference, target: commit, tagger: signature, message: message + "\n")
          try repository.verify([id])
          return id
        }
      } else {
        reflogIdentity = try repository.reflogIdentity()
      }
      return (reference, target, reflogIdentity)
    }
    try retrying(attempts: CommitRetry.shortAttempts) { _ throws(StoreError) in
      try self.inRepository { repository throws(StoreError) in
        do throws(GitError) {
          try repository.moveReference(
            reference, to: target, expecting: nil, message: "tag: \(name)", by: identity)
        } catch {
          guard error.code == .modified else { throw StoreError(error) }
          throw StoreError(
            .exists, "there is a tag `\(name)` already",
            hint: "a tag stays where it is; choose another name")
        }
      }
    }
    return Tag(name: name, commit: commit, message: message.map { $0 + "\n" })
  }

  /// Deletes a tag.
  ///
  /// - Parameter name: The short name.
  /// - Returns: The tag as it was.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound``.
  @discardableResult
  public func deleteTag(_ name: String) throws(StoreError) -> Tag {
    let tags = try tags()
    guard let tag = tags.first(where: { $0.name == name }) else {
      throw StoreError(
        .notFound, "there is no tag \(quoted(name))",
        hint: Suggestion.didYouMean(name, among: tags.map(\.name)))
    }
    try inRepository { repository throws(StoreError) in
      try inGit { () throws(GitError) in
        let reference = try ReferenceName.tag(name)
        guard let target = try repository.tags().first(where: { $0.name == reference })?.target
        else { return }
        try repository.deleteReference(reference, expecting: target)
      }
    }
    return tag
  }

  /// Checks a branch out: HEAD names it, and the work tree, if there is one, holds its files.
  ///
  /// - Parameter name: The short name.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/dirty`` naming the files whose changes
  ///   would be lost, or ``StoreError/Code/notFound``.
  public func switchTo(_ name: String) throws(StoreError) {
    let names = try branches().map(\.name)
    guard names.contains(name) else {
      throw StoreError(
        .notFound, "there is no branch \(quoted(name))",
        hint: Suggestion.didYouMean(name, among: names)
          ?? "`rubricctl switch -c \(name)` creates it")
    }
    try inRepository { repository throws(StoreError) in
      let identity = try repository.reflogIdentity()
      try inGit { () throws(GitError) in
        try repository.switchBranch(to: .branch(name), by: identity)
      }
    }
  }

  /// The branch that a commit goes to.
  func branch(_ name: String?) throws(StoreError) -> ReferenceName {
    if let name {
      return try inGit { () throws(GitError) in try ReferenceName.branch(name) }
    }
    return try inRepository { repository throws(StoreError) in
      let head = try inGit { () throws(GitError) in try repository.head() }
      guard case .branch(let branch, _) = head else {
        throw StoreError(
          .notFound, "no branch is checked out, so that a commit would be lost",
          hint: "`rubricctl switch BRANCH` first, or name one with `--branch`")
      }
      return branch
    }
  }
}

extension GitRepository {
  /// Who a reflog names; a reflog needs no one in particular.
  borrowing func reflogIdentity() throws(StoreError) -> GitSignature {
    do throws(StoreError) {
      return try identity(.committer).signature()
    } catch {
      guard error.code == .noIdentity else { throw error }
      return Identity(name: "rubricctl", email: "rubricctl").signature()
    }
  }
}
