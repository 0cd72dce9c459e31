public import RubricStore

extension Store {
  /// Returns what gathers evidence about a rubric, as this store tells versions apart.
  ///
  /// - Parameters:
  ///   - pin: The rubric.
  ///   - settings: How much is kept.
  /// - Returns: A gatherer without records.
  public func evidenceGatherer(
    of pin: Pin, settings: Evidence.Settings = Evidence.Settings()
  ) -> EvidenceGatherer {
    EvidenceGatherer(rubric: pin.rubric, settings: settings) { stamp in
      self.isSameVersion(stamp, as: pin)
    }
  }

  /// Whether what a record names as its rubric is the rubric of `pin`, for all that its judge saw and
  /// its rewards came from.
  ///
  /// - Parameters:
  ///   - stamp: `RUBRIC@COMMIT`, or a commit.
  ///   - pin: The rubric.
  /// - Returns: False also for what this store does not hold.
  public func isSameVersion(_ stamp: String, as pin: Pin) -> Bool {
    if let at = stamp.firstIndex(of: "@"), at > stamp.startIndex,
      stamp[..<at] != pin.rubric.id.rawValue
    {
      return false
    }
    let name = RubricRevision.commit(namedBy: stamp)
    if name == pin.commit.hex { return true }
    // A branch or a tag names another commit tomorrow; only what is of hexadecimal digits names one.
    guard name.utf8.count >= 7, name.utf8.allSatisfy(Self.isHexadecimal),
      let other = try? pull(pin.rubric.id, at: name),
      // A branch may have such a name too.
      other.commit.hex.hasPrefix(name.lowercased())
    else { return false }
    switch other.rubric.comparability(to: pin.rubric) {
    case .identical, .cosmetic: return true
    case .recompute, .rejudge, .incomparable: return false
    }
  }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }

  /// The last meta-updates of a rubric, the latest first, a line each.
  ///
  /// - Parameters:
  ///   - pin: The rubric, and the commit from which to look back.
  ///   - limit: The most lines.
  /// - Returns: Each: the commit's first digits, its subject, and its edits in words.
  /// - Throws: ``StoreError``, as a log does.
  func metaUpdateHistory(of pin: Pin, limit: Int = 10) throws(StoreError) -> [String] {
    var entries: [LogEntry] = []
    // What people did is theirs: nobody may take it for a meta-update's and undo it.
    try log(from: pin.commit.hex, LogFilter(rubric: pin.rubric.id)) { entry in
      if entry.proposer.author == .meta { entries.append(entry) }
      return entries.count < limit
    }
    return entries.map { entry in
      let edits = entry.edits.prefix(12).map(\.summary).joined(separator: "; ")
      return "\(entry.commit.prefix(12)) \(entry.subject)" + (edits.isEmpty ? "" : ": \(edits)")
    }
  }
}
