/// The numbered rubric files of a run, worked out as a history of typed edits.
///
/// The files have no ids that last, so criteria are matched from each version to the next; an id that
/// one criterion had is never given to another. Nothing is written.
///
/// - SeeAlso: SPEC.md §9.3.
public struct Series: Sendable {
  /// One file.
  public struct File: Hashable, Sendable {
    /// The name, for messages and for the map.
    public var name: String
    /// The bytes.
    public var text: [UInt8]

    /// Creates a file.
    public init(name: String, text: [UInt8]) {
      self.name = name
      self.text = text
    }
  }

  /// A criterion that is in a version.
  public struct Member: Hashable, Sendable {
    /// Its id, which lasts through the series.
    public var id: CriterionID
    /// Its position in the file, counted from 1, groups and what is in them in the document's order.
    public var position: Int
    /// Its title; empty where it has none.
    @Verbatim public var title: String
    /// How it was found to be the one of that id; nil for one that is added.
    public var basis: SeriesMatching.Basis?
    /// How alike its words are to those of the version before, in 0...1; 0 for one that is added.
    public var score: Double
  }

  /// One version of the rubric, and how it came about.
  public struct Step: Sendable {
    /// The file's name.
    public var name: String
    /// The file's format; nil for a document of ours.
    public var format: ImportFormat?
    /// The rubric, with the ids of the series.
    public var rubric: Rubric
    /// The criteria that it has, in the order of the document.
    public var members: [Member]
    /// The criteria of the version before that it has not.
    public var removed: [Criterion]
    /// The edits from the version before; nil where there is none, since the rubric begins here.
    public var edits: [Edit]?
    /// What the change means for scores; nil where the rubric begins here.
    public var comparability: Comparability?
    /// What the importer could not carry over as it was.
    public var notes: [ImportNote]
    /// The file as it is stored where the rubric begins here.
    var text: [UInt8]
  }

  /// The rubric.
  public let id: RubricID
  /// The versions, in order.
  public private(set) var steps: [Step] = []
  /// The first files, up to the one that the rubric was as already.
  public private(set) var skipped: [String] = []

  /// Works out a series.
  ///
  /// - Parameters:
  ///   - files: The files, in order; at least one.
  ///   - id: The rubric's id; nil to take it from `tip`, from the first file where that is a document
  ///     of ours, or from what the names of the files have in common.
  ///   - format: The format of all files; nil to find each one's.
  ///   - isDocument: Whether all files are documents of ours.
  ///   - map: What is known of which criterion is which.
  ///   - tip: The rubric that the series continues; nil where it begins one. Files up to the last that
  ///     says what it says are skipped.
  ///   - usedIDs: Ids that were used before, beside those of `tip`.
  ///   - repairIDs: Whether criteria whose id stands twice in a file get new ids.
  /// - Throws: ``SyntaxError`` with all that is wrong with the first file, or the map, that is not
  ///   right.
  public init(
    _ files: [File], id: RubricID? = nil, format: ImportFormat? = nil, isDocument: Bool = false,
    map: SeriesMap = SeriesMap(), continuing tip: Rubric? = nil,
    usedIDs: Set<CriterionID> = [], repairIDs: Bool = false
  ) throws(SyntaxError) {
    var versions: [SeriesVersion] = []
    var id = id ?? tip?.id
    for file in files {
      let version = try SeriesVersion(
        file, id: id ?? Self.id(of: files), format: format, isDocument: isDocument,
        repairIDs: repairIDs, keepsID: id == nil && file == files.first)
      id = id ?? version.rubric.id
      versions.append(version)
    }
    self.id = id ?? "imported"
    try Self.check(map, names: files.map(\.name))
    var builder = SeriesBuilder(map: map, old: tip, used: usedIDs)
    var rest = versions[...]
    if tip != nil {
      // The last file that changes nothing is where the rubric stands.
      for (index, version) in versions.enumerated().reversed() {
        var trial = builder
        guard try trial.step(version).edits?.isEmpty ?? false else { continue }
        rest = versions[(index + 1)...]
        skipped = versions[...index].map(\.name)
        break
      }
    }
    for version in rest { steps.append(try builder.step(version)) }
  }

  /// The id that the names of files have in common, without a number at its end.
  private static func id(of files: [File]) -> RubricID {
    func stem(_ name: String) -> Substring {
      let file = name.split(separator: "/").last ?? ""
      return file.lastIndex(of: ".").map { file[..<$0] } ?? file
    }
    var common = files.first.map { Array(stem($0.name).utf8) } ?? []
    for file in files.dropFirst() {
      let other = Array(stem(file.name).utf8)
      common = Array(zip(common, other).prefix { $0.0 == $0.1 }.map(\.0))
    }
    while let last = common.last, (0x30...0x39).contains(last) { common.removeLast() }
    return RubricID.made(from: String(decoding: common, as: UTF8.self)) ?? "imported"
  }

  private static func check(_ map: SeriesMap, names: [String]) throws(SyntaxError) {
    let known = names + names.map(SeriesMap.lastPart)
    let findings = map.files.filter { file in !known.contains { $0.isVerbatim(file.name) } }.map {
      Finding(
        code: .unknownKey, mark: $0.mark, path: $0.name,
        message: "no file of that name is imported",
        hint: Suggestion.didYouMean($0.name, among: names.map(SeriesMap.lastPart)))
    }
    guard findings.isEmpty else { throw SyntaxError(file: map.name, findings: findings) }
  }

  /// The matching as a map that gives it again.
  public var map: SeriesMap {
    SeriesMap(
      steps.map { step in
        let titles = Dictionary(grouping: step.members) { $0.title }.mapValues(\.count)
        let isDigits = { (title: String) in Int(title) != nil }
        return SeriesMap.File(
          SeriesMap.lastPart(step.name),
          step.members.map { member in
            let isTelling =
              !member.title.isEmpty && titles[member.title] == 1 && !isDigits(member.title)
            return SeriesMap.Entry(
              member.id, isTelling ? .title(member.title) : .position(member.position))
          } + step.removed.map { SeriesMap.Entry($0.id, .nothing) })
      })
  }
}
