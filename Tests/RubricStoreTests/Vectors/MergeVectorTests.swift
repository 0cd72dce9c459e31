import Foundation
import RubricStore
import Testing

@Suite("Vectors of merges")
struct MergeVectorTests {
  static let files = [
    "bases", "facts", "fields", "history", "lists", "scales", "settlements", "structure", "whole",
  ]

  @Test("merge/: what comes out, what is in conflict, and how it is settled", arguments: files)
  func merge(_ file: String) throws {
    try VectorCase.forEach("merge/\(file).json") { vector in
      guard vector["branches"] == nil else { return try octopus(vector) }
      for isMirrored in [false, true] { try check(vector, isMirrored: isMirrored) }
    }
  }

  @Test("merge/: every file is run")
  func all() throws {
    #expect(try VectorCase.files(in: "merge") == Self.files.map { "merge/\($0).json" })
  }

  /// Merges the branches one by one, in every order.
  private func octopus(_ vector: VectorCase) throws {
    let base = try vector.rubric("base")
    let branches = try vector.array("branches").map { try Rubric(parsing: vector.text($0)) }
    let merged = try vector.text("merged")
    for order in Array(branches.indices).orders {
      var result = branches[order[0]]
      for index in order.dropFirst() {
        let merge = try Rubric.merge(
          base: base, ours: MergeSide(result), theirs: MergeSide(branches[index]))
        #expect(merge.conflicts.isEmpty, "\(vector.name): \(order)")
        result = merge.rubric
      }
      #expect(result.canonicalText == merged, "\(vector.name): \(order)")
    }
  }

  /// Runs a case, also with the sides exchanged: what is ours is then theirs, and nothing else.
  private func check(_ vector: VectorCase, isMirrored: Bool) throws {
    let name = vector.name + (isMirrored ? ", mirrored" : "")
    var sides = ["ours", "theirs"]
    if isMirrored { sides.reverse() }
    let histories = try sides.map { try history(vector["histories"]?[$0]) }
    let rubrics = try sides.map { try vector.rubric($0) }
    let base = try base(vector)
    let outcome: Result<MergeResult, MergeError>
    do throws(MergeError) {
      outcome = .success(
        try Rubric.merge(
          base: base, ours: MergeSide(rubrics[0], history: histories[0]),
          theirs: MergeSide(rubrics[1], history: histories[1]),
          settlements: try settlements(vector, isMirrored: isMirrored)))
    } catch {
      outcome = .failure(error)
    }
    switch outcome {
    case .failure(let error):
      #expect(error.code.rawValue == vector["error"]?.string, "\(name): \(error)")
    case .success(let merge):
      #expect(vector["error"] == nil, "\(name): there is no error")
      guard vector["error"] == nil else { return }
      try check(merge, vector, name, isMirrored: isMirrored)
    }
  }

  private func check(
    _ merge: MergeResult, _ vector: VectorCase, _ name: String, isMirrored: Bool
  ) throws {
    func compare(_ key: String, _ found: [JSONValue]) {
      let items = (vector[key]?.array ?? []).map { isMirrored ? $0.mirrored : $0 }
      let (found, expected) = (JSONValue.array(found).plain, JSONValue.array(items).plain)
      guard found != expected else { return }
      Issue.record("\(name): \(key)\nfound    \(found.jsonText)\nexpected \(expected.jsonText)")
    }
    // At a conflict stands our side's value, which the other way round is theirs.
    if !isMirrored || merge.conflicts.isEmpty {
      let expected = try vector.text("merged")
      if merge.rubric.canonicalText != expected {
        Issue.record("\(name): merged\n\(merge.rubric.canonicalText)expected\n\(expected)")
      }
    }
    let causes: Set<String> = ["our_causes", "their_causes"]
    let words: Set<String> = ["message", "criterion", "field"]
    compare("conflicts", merge.conflicts.map { $0.json.without(words.union(causes)) })
    compare("settled", merge.settled.map { $0.json.without(words) })
    compare("notes", merge.notes.map { $0.json.without(words) })
    compare("unused", merge.unusedSettlements.map { .string($0) })
    if merge.conflicts.isEmpty {
      #expect(merge.rubric.findings.isEmpty, "\(name): \(merge.rubric.findings)")
    }
    for conflict in merge.conflicts where !isMirrored {
      guard let causes = vector["causes"]?["\(conflict.path)"] else { continue }
      for (side, found) in [("ours", conflict.ourCauses), ("theirs", conflict.theirCauses)] {
        let indices = found.map { $0.commit.flatMap { Int($0) } ?? -1 }
        #expect(indices.map { .integer($0) } == (causes[side]?.array ?? []), "\(name): \(side)")
      }
    }
    for text in merge.conflicts.map(\.message) + merge.notes.map(\.message) {
      #expect(!text.isEmpty && !text.hasSuffix(".") && !text.contains("\n"), "\(name): \(text)")
    }
  }

  /// The edits of a side, each with its number for a commit.
  private func history(_ value: JSONValue?) throws -> [MergeConflict.Cause] {
    try (value?.array ?? []).enumerated().map { index, value in
      let (root, findings) = JSONReader.read(Array(value.jsonText.utf8))
      try #require(findings.isEmpty)
      var reader = NodeReader()
      let edit = Edit.read(try #require(root), &reader)
      return .init(commit: String(index), edit: try #require(edit, "\(reader.findings)"))
    }
  }

  private func settlements(_ vector: VectorCase, isMirrored: Bool) throws(MergeError) -> Settlements
  {
    var places: [Settlement] = []
    for text in vector["settle"]?.array ?? [] {
      var settlement = try Settlement(parsing: text.string ?? "")
      if isMirrored { settlement.rule = settlement.rule.mirrored }
      places.append(settlement)
    }
    let names = vector["settle_all"]?.array ?? vector["settle_all"].map { [$0] } ?? []
    var all = names.compactMap { $0.string.flatMap { Settlement.Rule(name: $0) } }
    if isMirrored { all = all.map(\.mirrored) }
    return Settlements(places, all: all)
  }

  /// The base; of several, what they are merged to.
  private func base(_ vector: VectorCase) throws -> Rubric? {
    func read(_ value: JSONValue?) throws -> Rubric? {
      guard let value, value != .null else { return nil }
      return try Rubric(parsing: vector.text(value))
    }
    guard let bases = vector["bases"]?.array else { return try read(vector["base"]) }
    let common = try read(vector["common"])
    var result: Rubric?
    for value in bases {
      let rubric = try #require(try read(value))
      if let merged = result {
        result = try Rubric.virtualBase(merged, rubric, from: common)
        let mirror = try Rubric.virtualBase(rubric, merged, from: common)
        #expect(result == mirror, "\(vector.name): the base does not depend on their order")
      } else {
        result = rubric
      }
    }
    return result
  }
}

extension Settlement.Rule {
  fileprivate var mirrored: Settlement.Rule {
    switch self {
    case .ours: .theirs
    case .theirs: .ours
    default: self
    }
  }
}

extension JSONValue {
  /// What a conflict or a settled one is with the sides exchanged.
  fileprivate var mirrored: JSONValue {
    guard var object else { return self }
    let (ours, theirs) = (object["ours"], object["theirs"])
    // Replaced, so that the members keep their places.
    var members: [(String, JSONValue)] = []
    object["ours"] = nil
    object["theirs"] = nil
    for key in ["code", "path", "base"] {
      if let value = object[key] { members.append((key, value)) }
      object[key] = nil
    }
    if let theirs { members.append(("ours", theirs)) }
    if let ours { members.append(("theirs", ours)) }
    for member in object.members {
      switch (member.key, member.value) {
      case ("rule", .string("ours")): members.append(("rule", "theirs"))
      case ("rule", .string("theirs")): members.append(("rule", "ours"))
      default: members.append((member.key, member.value))
      }
    }
    return .object(JSONObject(members))
  }

  fileprivate func without(_ keys: Set<String>) -> JSONValue {
    .object(
      JSONObject(
        (object?.members ?? []).filter { !keys.contains($0.key) }.map { ($0.key, $0.value) }))
  }
}

extension [Int] {
  /// The items in every order.
  fileprivate var orders: [[Int]] {
    guard count > 1 else { return [self] }
    return indices.flatMap { index in
      var rest = self
      let first = rest.remove(at: index)
      return rest.orders.map { [first] + $0 }
    }
  }
}
