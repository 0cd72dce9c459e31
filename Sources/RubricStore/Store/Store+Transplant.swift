extension Store {
  /// Makes the edits of a commit again, or undoes them, on the tip of a branch, as one commit.
  ///
  /// Edits are made by id, and each must find what it found where it was made; what cannot be made is
  /// an error that names the edit, the field, what is there and what was expected, and the later
  /// commit that changed it. If others move the branch meanwhile, everything is done anew on its new
  /// tip.
  ///
  /// - Parameters:
  ///   - transplant: Which commit, which of its edits, and whether they are made or undone.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  ///   - author: Who commits; nil for git's own answer.
  /// - Returns: The commit, and what was not quite as in the original.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/edits`` for edits that cannot be made,
  ///   ``StoreError/Code/nothingToCommit`` where they are there already, ``StoreError/Code/ambiguous``
  ///   for a merge without a mainline, and what ``commit(_:to:author:)`` throws.
  /// - SeeAlso: SPEC.md §7.9.
  @discardableResult
  public func transplant(
    _ transplant: Transplant, to branch: String? = nil, author: Identity? = nil
  ) throws(StoreError) -> TransplantOutcome {
    let origin = try origin(of: transplant)
    let target = try self.branch(branch)
    do throws(StoreError) {
      return try retrying { retries throws(StoreError) in
        try self.inRepository { repository throws(StoreError) in
          let base = try CommitBase(repository, target, rubric: origin.rubric)
          try base.checkIsThere()
          let plan = try origin.plan(transplant, on: base.source?.rubric, branch: target.short)
          var text = plan.text
          if plan.kind == .edited, let after = plan.after, let old = base.source,
            let bytes = base.bytes
          {
            text = try Rubric.rewritten(bytes, old, as: after)
          }
          let change = PreparedChange(
            update: plan.update, kind: plan.kind, text: text, before: base.source?.rubric,
            after: plan.after)
          let outcome = try base.commit(
            change, in: repository, author: author, retries: retries)
          return TransplantOutcome(plan, commit: outcome)
        }
      }
    } catch {
      throw try naming(error, origin, transplant, on: target)
    }
  }

  /// Works out what transplants would do, one on the result of the other, and commits nothing.
  ///
  /// - Parameters:
  ///   - transplants: The transplants, in order.
  ///   - branch: The branch's short name; nil for the one that is checked out.
  /// - Returns: An outcome for each, without a commit.
  /// - Throws: ``StoreError``, as ``transplant(_:to:author:)`` does, for the first that cannot be made.
  public func preview(
    _ transplants: [Transplant], on branch: String? = nil
  ) throws(StoreError) -> [TransplantOutcome] {
    let target = try self.branch(branch)
    var states: [RubricID: Rubric?] = [:]
    var outcomes: [TransplantOutcome] = []
    for transplant in transplants {
      let origin = try origin(of: transplant)
      let current: Rubric?
      if let known = states[origin.rubric] {
        current = known
      } else {
        current = try inRepository { repository throws(StoreError) in
          let base = try CommitBase(repository, target, rubric: origin.rubric)
          try base.checkIsThere()
          return base.source?.rubric
        }
      }
      do throws(StoreError) {
        let plan = try origin.plan(transplant, on: current, branch: target.short)
        states[origin.rubric] = .some(plan.after)
        outcomes.append(TransplantOutcome(plan, commit: nil))
      } catch {
        throw try naming(error, origin, transplant, on: target)
      }
    }
    return outcomes
  }
}

extension TransplantOutcome {
  init(_ plan: TransplantPlan, commit: CommitOutcome?) {
    self.init(
      commit: commit, update: plan.update, kind: plan.kind, comparability: plan.comparability,
      notes: plan.notes)
  }
}

extension CommitBase {
  /// Checks that the branch has a commit.
  fileprivate func checkIsThere() throws(StoreError) {
    guard tip == nil else { return }
    throw StoreError(
      .notFound, "there is no branch `\(branch.short)`",
      hint: "`rubricctl branch \(branch.short)` creates it")
  }
}
