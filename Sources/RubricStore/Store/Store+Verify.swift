extension Store {
  /// Holds a stamp against what the store has.
  ///
  /// - Parameter stamp: The stamp.
  /// - Returns: What is not as it says.
  /// - Throws: As ``verify(_:)-(StampedReward)``.
  public func verify(_ stamp: Stamp) throws(StoreError) -> StampReport {
    try verify(StampedReward(stamp))
  }

  /// Holds a stamp against what the store has, and the reward against the verdicts where both are
  /// there: they must agree to the last bit.
  ///
  /// - Parameter reward: The stamp and what is known beside it.
  /// - Returns: What is not as it says.
  /// - Throws: ``StoreError`` for what keeps the store from knowing: ``StoreError/Code/corrupt``,
  ///   ``StoreError/Code/io``.
  public func verify(_ reward: StampedReward) throws(StoreError) -> StampReport {
    let stamp = reward.stamp
    var report = StampReport(reward)
    let rubric = RubricID(rawValue: stamp.rubric)
    if rubric == nil {
      report.add(
        "rubric", found: .string(stamp.rubric),
        "\(NodeReader.quote(stamp.rubric)) is no rubric id")
    }
    let commit = ObjectID(hex: stamp.commit)
    if commit == nil {
      report.add(
        "commit", found: .string(stamp.commit),
        "\(NodeReader.quote(stamp.commit)) is no full hash of a commit")
    }
    var hashes: [(field: String, found: String)] = []
    for (field, found) in [("judge", stamp.judge), ("scoring", stamp.scoring)] {
      if Self.isHash(found) {
        hashes.append((field, found))
      } else {
        report.add(
          field, found: .string(found),
          "\(NodeReader.quote(found)) is no hash: expected 64 hexadecimal digits in lower case")
      }
    }
    guard let rubric, let commit, let pin = try pull(rubric, commit, into: &report) else {
      return report
    }
    let computed = pin.rubric.hashes
    for (field, found) in hashes {
      let expected = field == "judge" ? computed.judge : computed.scoring
      guard found != expected else { continue }
      let made = NodeReader.quote(stamp.library)
      report.add(
        field, expected: .string(expected), found: .string(found),
        "the stamp has another \(field) hash than `\(rubric)` at \(commit.prefix(12))"
          + (stamp.library.isVerbatim(LibraryVersion.current)
            ? "" : "; it was made by library \(made), and this is \(LibraryVersion.current)"))
    }
    rescore(reward, under: pin, into: &report)
    return report
  }

  /// The rubric of a stamp; nil, told in the report, where the store has none.
  private func pull(
    _ rubric: RubricID, _ commit: ObjectID, into report: inout StampReport
  ) throws(StoreError) -> Pin? {
    // First: a folder of pins may hold what this repository never did.
    guard let tree = try tree(of: commit) else {
      report.add(
        "commit", found: .string(commit.hex),
        "the store has no commit \(commit.prefix(12)); fetch it, or look in another clone")
      return nil
    }
    do throws(StoreError) {
      return try pull(rubric, commit: commit)
    } catch {
      switch error.code {
      case .notFound, .unfinishedMerge, .invalidDocument, .git: break
      default: throw error
      }
      // Where the commit has the rubric's file, and it cannot be found, objects are missing.
      let isThere = try inRepository { repository throws(StoreError) in
        try repository.blob(of: rubric, inTree: tree) != nil
      }
      guard !isThere || error.code == .invalidDocument else { throw error }
      report.add("rubric", found: .string(rubric.rawValue), error.message)
      return nil
    }
  }

  /// The tree of a commit; nil for what is no commit here.
  private func tree(of id: ObjectID) throws(StoreError) -> ObjectID? {
    try withGit { repository throws(GitError) in
      do throws(GitError) {
        return try repository.commit(id).tree
      } catch {
        guard error.code == .notFound || error.code == .wrongKind else { throw error }
        return nil
      }
    }
  }

  private func rescore(
    _ given: StampedReward, under pin: Pin, into report: inout StampReport
  ) {
    guard let verdicts = given.verdicts, let found = given.reward else { return }
    let score = CompiledRubric(pin.rubric).score(
      Judgement(rollout: given.rollout, verdicts: verdicts))
    report.isRescored = true
    // Zeroes of both signs are the same reward.
    guard score.reward != found else { return }
    func shown(_ reward: Double?) -> String { reward.map(CanonicalNumber.text) ?? "no reward" }
    report.add(
      "reward", expected: score.reward.written, found: found.written,
      "the record says \(shown(found)), and its verdicts earn \(shown(score.reward))"
        + (score.unscorable.first.map { ": \($0)" } ?? ""))
  }

  private static func isHash(_ text: String) -> Bool {
    text.utf8.count == 64
      && text.utf8.allSatisfy { byte in
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
          || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
      }
  }
}

extension StampedReward {
  /// A stamp that nothing is known beside.
  public init(_ stamp: Stamp) {
    self.stamp = stamp
    rollout = ""
    verdicts = nil
    reward = nil
  }
}
