import CFloor
import RubricStore

/// What the first pull of a commit costs: read, verify, parse, validate, lay out for scoring.
final class PullMeasures {
  /// So many that a store, which keeps 256, hardly ever has the one that is asked for.
  private static let commits = 2_000
  private static let read = "libgit2 read"
  private static let floor = "libgit2 read and libyaml events"

  private let work: String
  private let store: Store
  private let repository: OpaquePointer
  private let rubric: Rubric
  private let commits: [ObjectID]
  private var next = 0
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private let path: String

  /// Prepares a store with many versions of a rubric of 40 criteria.
  ///
  /// - Parameters:
  ///   - work: The name of its measures.
  ///   - folder: An empty folder.
  ///   - isPacked: Whether the objects are packed.
  /// - Throws: `StoreError` where the store cannot be made.
  init(_ work: String, folder: String, isPacked: Bool) throws {
    self.work = work
    var random = Random(seed: 11)
    var rubric = Rubric(id: "essay", title: "Essays")
    rubric.criteria = (0..<40).map { number in
      var criterion = Criterion(
        id: CriterionID(rawValue: "c\(number)") ?? "c", title: Inputs.words(2, &random),
        text: Inputs.words(12, &random), weight: Double(Int.random(in: 1...50, using: &random)) / 10
      )
      if number % 4 == 0 { criterion.lowerWhen = [Inputs.words(6, &random)] }
      return criterion
    }
    self.rubric = rubric
    path = "rubrics/\(rubric.id).yaml"
    // As they are made, not as they are measured.
    try Store.setDurable(false)
    defer { try? Store.setDurable(true) }
    let made = try Store.create(folder, bare: true).store
    let author = Identity(name: "bench", email: "bench@example.org")
    var commits = [try made.create(Array(rubric.canonicalText.utf8), author: author).commit]
    var last = rubric
    for number in 1..<Self.commits {
      var version = last
      version.criteria[number % 40].weight += 0.1 * Double(1 + number / 40)
      version = try Rubric(parsing: Array(version.canonicalText.utf8))
      let update = MetaUpdate(rubric: rubric.id, edits: try last.edits(to: version))
      commits.append(try made.commit(update, author: author).commit)
      last = version
    }
    self.commits = commits
    guard let repository = floor_git_open(folder), floor_git_without_cache() >= 0,
      !isPacked || floor_git_pack(repository) > 0
    else { throw Inputs.Absence(reason: "libgit2 cannot open or pack the repository") }
    floor_git_close(repository)
    // Opened anew, so that both see the pack.
    store = try Store.open(folder)
    guard let reopened = floor_git_open(folder) else {
      throw Inputs.Absence(reason: "libgit2 cannot open the repository")
    }
    self.repository = reopened
  }

  deinit { floor_git_close(repository) }

  var summary: String {
    "\(rubric.criteria.count) criteria, \(rubric.canonicalText.utf8.count) bytes, "
      + "\(Self.commits) commits in turn; libgit2 keeps no object in memory"
  }

  func measures() -> [Measure] {
    [
      Measure(work, Self.read) { [self] in Int(readRaw()) },
      Measure(work, Self.floor) { [self] in
        Int(floor_yaml_parse(buffer, Int(max(0, readRaw()))))
      },
      Measure(work, "pull", against: Self.floor, reach: 1.5) { [self] in
        let pin = try store.pull(rubric.id, commit: following)
        return CompiledRubric(pin.rubric).columns.count
      },
    ]
  }

  private var following: ObjectID {
    next = (next + 1) % commits.count
    return commits[next]
  }

  private func readRaw() -> Int64 {
    floor_git_read(repository, following.hex, path, &buffer, buffer.count)
  }
}
