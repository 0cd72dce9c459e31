/// What a merge of three files is told besides the files.
public struct FileMergeOptions: Sendable {
  /// How conflicts are settled.
  public var settlements = Settlements()
  /// The file's path in its repository, for people.
  public var path = "FILE"
  /// Whether the file goes to a work tree in which git merges, so that git's commands come next.
  public var isInWorkTree = true
  /// What our side is called; empty where it has no name.
  public var ourName = ""
  /// What their side is called.
  public var theirName = ""
  /// Our side's edits, oldest first; none where they are not known.
  public var ourHistory: [MergeConflict.Cause] = []
  /// Their side's edits.
  public var theirHistory: [MergeConflict.Cause] = []
  /// The length of the markers of a merge of lines.
  public var markerSize = 7

  /// Creates options with every one at its default.
  public init() {}
}

/// Three versions of a rubric's file merged into one, as a merge driver does it.
///
/// The rubrics are merged by id and field (``Rubric/merge(base:ours:theirs:settlements:)``), and our
/// file is changed where values changed, so that its layout and comments stay. A conflict leaves a
/// text that is no valid rubric and says so.
///
/// - SeeAlso: SPEC.md §12.9.
public struct FileMerge: Sendable {
  /// The merged file.
  public var text: [UInt8]
  /// What is not settled.
  public var conflicts: [MergeConflict] = []
  /// What was settled, and how.
  public var settled: [SettledConflict] = []
  /// What merged cleanly and is worth a look.
  public var notes: [MergeNote] = []
  /// Why a person has to look at the file, besides conflicts: a version is no valid rubric, or the
  /// common ancestor cannot be read; a sentence without a full stop.
  public var problem: String?
  /// Whether lines were merged, and not fields.
  public var isByLines = false
  /// Whether the lines were merged without a conflict.
  var isCleanByLines = true
  /// The places of settlements that nothing needed.
  public var unusedSettlements: [String] = []

  /// Whether the file is finished.
  public var isClean: Bool { conflicts.isEmpty && problem == nil && isCleanByLines }
  /// The number of conflicts; what ``problem`` tells counts as one.
  public var count: Int {
    conflicts.count + (problem == nil && isCleanByLines ? 0 : 1)
  }
}

extension FileMerge {
  /// Merges three files.
  ///
  /// A file that is no rubric at all is merged line by line, as git does it. Where one of the files
  /// is meant as a rubric and is not valid the lines are merged too, and the result is never clean.
  ///
  /// - Parameters:
  ///   - base: The common ancestor; nil or empty where there is none. It may be a merge of ancestors
  ///     that is not valid as a whole, or an unfinished merge.
  ///   - ours: Our file.
  ///   - theirs: Their file.
  ///   - options: How.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/unfitSettlement``.
  public init(
    base: [UInt8]?, ours: [UInt8], theirs: [UInt8],
    _ options: FileMergeOptions = FileMergeOptions()
  ) throws(StoreError) {
    let base = base.flatMap { $0.isEmpty ? nil : $0 }
    if options.settlements.isEmpty, let text = Self.trivial(base, ours, theirs) {
      self.init(text: text)
      return
    }
    let left: Rubric.Source
    let right: Rubric.Source
    do throws(SyntaxError) {
      left = try Rubric.source(ours, file: "")
    } catch {
      try self.init(lines: base, ours, theirs, options, "our version is not valid", error)
      return
    }
    do throws(SyntaxError) {
      right = try Rubric.source(theirs, file: "")
    } catch {
      try self.init(lines: base, ours, theirs, options, "their version is not valid", error)
      return
    }
    guard left.rubric.id == right.rubric.id else {
      try self.init(
        lines: base, ours, theirs, options,
        "our version is the rubric `\(left.rubric.id)` and theirs is `\(right.rubric.id)`", nil)
      return
    }
    let (ancestor, problem) = Self.ancestor(base, of: left.rubric.id)
    let result: MergeResult
    do throws(MergeError) {
      result = try Rubric.merge(
        base: ancestor, ours: MergeSide(left.rubric, history: options.ourHistory),
        theirs: MergeSide(right.rubric, history: options.theirHistory),
        settlements: options.settlements)
    } catch {
      throw StoreError(error)
    }
    self.init(text: Self.file(result.rubric, base, ours, left, theirs, right))
    conflicts = result.conflicts
    settled = result.settled
    notes = result.notes
    unusedSettlements = result.unusedSettlements
    // Without the ancestor nothing tells an addition from a removal on the other side.
    self.problem = result.rubric == left.rubric && left.rubric == right.rubric ? nil : problem
    if !isClean { text = UnfinishedMerge.text(block(options), over: text) }
  }

  /// Merges two common ancestors into the one that a merge has as its base.
  ///
  /// What they do not agree on stays as it was before them, as in ``Store/merge(_:into:_:)``; the
  /// result may be not valid as a whole, and it is for a merge only.
  ///
  /// - Parameters:
  ///   - base: Their own common ancestor; nil or empty where there is none.
  ///   - ours: One of them.
  ///   - theirs: The other.
  /// - Returns: The text.
  /// - Throws: ``StoreError``.
  public static func virtualBase(
    base: [UInt8]?, ours: [UInt8], theirs: [UInt8]
  ) throws(StoreError) -> [UInt8] {
    if let text = trivial(base, ours, theirs) { return text }
    switch (Rubric.unchecked(ours)?.rubric, Rubric.unchecked(theirs)?.rubric) {
    case (nil, nil): return base ?? ours
    case (nil, _?): return theirs
    case (_?, nil): return ours
    case (let left?, let right?):
      let ancestor = ancestor(base, of: left.id).rubric
      guard left.id == right.id,
        let merged = try? Rubric.virtualBase(left, right, from: ancestor)
      else { return base ?? ours }
      return Array(merged.canonicalText.utf8)
    }
  }

  private init(text: [UInt8]) { self.text = text }

  /// What git makes of the three without looking into them.
  private static func trivial(_ base: [UInt8]?, _ ours: [UInt8], _ theirs: [UInt8]) -> [UInt8]? {
    if ours == theirs || base == theirs { return ours }
    return base == ours ? theirs : nil
  }

  /// The common ancestor, or why there is none.
  private static func ancestor(
    _ bytes: [UInt8]?, of id: RubricID
  ) -> (rubric: Rubric?, problem: String?) {
    guard let bytes, !bytes.isEmpty else { return (nil, nil) }
    let read =
      Rubric.unchecked(bytes)
      ?? UnfinishedMerge(parsing: bytes).flatMap { Rubric.unchecked($0.document) }
    let loss = ", so that what one side removed is back, and conflicts have no base"
    guard let rubric = read?.rubric, (try? CriterionTable(rubric.criteria)) != nil else {
      return (nil, "The common ancestor is not a valid rubric" + loss)
    }
    guard rubric.id == id else {
      return (nil, "The common ancestor is another rubric, `\(rubric.id)`" + loss)
    }
    return (rubric, nil)
  }

  private init(
    lines base: [UInt8]?, _ ours: [UInt8], _ theirs: [UInt8], _ options: FileMergeOptions,
    _ reason: String, _ error: SyntaxError?
  ) throws(StoreError) {
    // The document of an unfinished merge is what its words are about.
    let ours = UnfinishedMerge(parsing: ours)?.document ?? ours
    let theirs = UnfinishedMerge(parsing: theirs)?.document ?? theirs
    let base = base.map { UnfinishedMerge(parsing: $0)?.document ?? $0 }
    let isBinary = [ours, theirs].contains { $0.contains(0) }
    let merged: (text: [UInt8], isClean: Bool)
    if isBinary {
      merged = (ours, false)
    } else {
      func name(_ side: String, _ name: String) -> String {
        name.isEmpty ? side : "\(side) (\(name))"
      }
      merged = try inGit { () throws(GitError) in
        try LineMerge.merge(
          base: base ?? [], ours: ours, theirs: theirs,
          ourName: name("ours", options.ourName), theirName: name("theirs", options.theirName),
          markerSize: options.markerSize)
      }
    }
    text = merged.text
    isByLines = true
    isCleanByLines = merged.isClean
    unusedSettlements = options.settlements.places.map(\.place)
    guard !isBinary, [base ?? [], ours, theirs].contains(where: Self.isMeantAsRubric) else {
      return
    }
    let finding = error?.findings.first.map { ": \($0)" } ?? ""
    problem =
      "Lines were merged, as git does it, and not criteria: \(reason)\(finding)"
      + (merged.isClean ? "" : "; conflict markers stand below")
    text = UnfinishedMerge.text(block(options), over: text)
  }

  private func block(_ options: FileMergeOptions) -> UnfinishedMerge.Block {
    UnfinishedMerge.Block(
      path: options.path, isInWorkTree: options.isInWorkTree, conflicts: conflicts,
      problem: problem, settlements: options.settlements, ourName: options.ourName,
      theirName: options.theirName)
  }

  /// Whether a text names a schema of rubrics, valid or not.
  private static func isMeantAsRubric(_ bytes: [UInt8]) -> Bool {
    let word = Array("rubric/".utf8)
    for line in bytes.split(separator: 0x0A) {
      let start = line.drop { $0 == 0x20 || $0 == 0x22 || $0 == 0x7B || $0 == 0x09 }
      guard start.starts(with: "schema".utf8) else { continue }
      let value = start.dropFirst(6).drop {
        [0x20, 0x22, 0x27, UInt8(ascii: ":")].contains($0)
      }
      if value.starts(with: word) { return true }
    }
    return false
  }

  /// The file of the merged rubric: a side's own where it is that side's rubric, and otherwise ours
  /// with the changes made in it.
  private static func file(
    _ result: Rubric, _ base: [UInt8]?, _ ours: [UInt8], _ left: Rubric.Source, _ theirs: [UInt8],
    _ right: Rubric.Source
  ) -> [UInt8] {
    // Where only one side wrote the file anew, its layout is the later one.
    if result == left.rubric { return result == right.rubric && base == ours ? theirs : ours }
    if result == right.rubric { return theirs }
    let text = String(decoding: ours, as: UTF8.self)
    if text != left.rubric.canonicalText,
      let patched = YAMLPatcher.patch(
        source: text, root: left.root, old: left.rubric.written, new: result.written)
    {
      let candidate = Array(patched.utf8)
      // What is in conflict may be not valid as a whole.
      if Rubric.unchecked(candidate)?.rubric == result { return candidate }
    }
    return Array(result.canonicalText.utf8)
  }
}
