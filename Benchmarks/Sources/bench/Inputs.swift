import FoundationEssentials
import RubricStore

/// The rubrics that are measured.
enum Inputs {
  /// The rubric of PaperBench's largest tree, as the importer makes it.
  ///
  /// - Returns: The rubric, or why there is none.
  static func bam(in folder: String) -> Result<Rubric, Absence> {
    let path = folder + "/paperbench/bam.json"
    guard let data = FileManager.default.contents(atPath: path) else {
      return .failure(Absence(reason: "there is no paperbench/bam.json in the data folder"))
    }
    do {
      return .success(try Importer.rubric(from: Array(data), name: "bam.json").rubric)
    } catch {
      return .failure(Absence(reason: "paperbench/bam.json cannot be imported: \(error)"))
    }
  }

  /// Why a measure is left out.
  struct Absence: Error {
    let reason: String
  }

  /// Copies of a tree beside one another, each with ids of its own, `count` criteria or a few more.
  static func grown(_ rubric: Rubric, to count: Int) -> Rubric {
    let size = rubric.criteria.reduce(0) { $0 + $1.size }
    var copies: [Criterion] = []
    for number in 0..<max(1, (count + size - 1) / max(size, 1)) {
      copies += rubric.criteria.map { $0.renamed("-c\(number)") }
    }
    return Rubric(id: "grown", title: rubric.title, criteria: copies)
  }

  /// A tree of our own, groups of 10, with the fields that an evolved rubric has.
  static func tree(_ count: Int, seed: UInt64) -> Rubric {
    var random = Random(seed: seed)
    var leaves = (0..<(count * 9 / 10)).map { Self.leaf("c\($0)", &random) }
    var level = 0
    while leaves.count > 10 {
      var groups: [Criterion] = []
      for start in stride(from: 0, to: leaves.count, by: 10) {
        var group = Criterion(
          id: CriterionID(rawValue: "g\(level)-\(start / 10)") ?? "g",
          title: words(4, &random), weight: 1)
        group.criteria = Array(leaves[start..<min(start + 10, leaves.count)])
        groups.append(group)
      }
      leaves = groups
      level += 1
    }
    return Rubric(id: "tree", title: "A generated tree", criteria: leaves)
  }

  /// One long list of criteria, where anything that looks through the siblings shows.
  static func flat(_ count: Int, seed: UInt64) -> Rubric {
    var random = Random(seed: seed)
    return Rubric(
      id: "flat", title: "A generated list",
      criteria: (0..<count).map { leaf("c\($0)", &random) })
  }

  private static func leaf(_ id: String, _ random: inout Random) -> Criterion {
    var leaf = Criterion(
      id: CriterionID(rawValue: id) ?? "c", title: words(4, &random), text: words(30, &random),
      weight: Double(Int.random(in: 1...10, using: &random)))
    leaf.tags = ["generated"]
    leaf.lowerWhen = [words(8, &random)]
    if Bool.random(using: &random) {
      leaf.scale = .levels(
        (0..<4).map { Level(value: Double($0), text: words(12, &random)) })
    }
    return leaf
  }

  static func words(_ count: Int, _ random: inout Random) -> String {
    (0..<count).map { _ in vocabulary.randomElement(using: &random) ?? "" }
      .joined(separator: " ")
  }

  private static let vocabulary = [
    "the", "answer", "names", "every", "step", "of", "its", "argument", "and", "cites", "a",
    "source",
    "where", "one", "is", "needed", "code", "runs", "without", "errors", "results", "match",
    "figures", "within", "noise", "claims", "are", "hedged", "as", "evidence", "allows", "naïve",
  ]
}

extension Criterion {
  /// The number of criteria that it and what is in it make.
  var size: Int { criteria.reduce(1) { $0 + $1.size } }

  fileprivate func renamed(_ suffix: String) -> Criterion {
    var copy = self
    copy.id = CriterionID(rawValue: id.rawValue + suffix) ?? id
    copy.criteria = criteria.map { $0.renamed(suffix) }
    return copy
  }
}
