internal import RubricStore

/// The first line of a proposal: what is done to which criteria.
enum ProposalSubject {
  static func text(_ changes: [Edit.Change]) -> String {
    let rescaled = Set(
      changes.filter { [.rescale, .addLevel].contains(Edit($0).operation) }.compactMap {
        Edit($0).target
      })
    var parts: [String] = []
    for (operations, start) in phrases {
      let ids = changes.filter { operations.contains(Edit($0).operation) }
        .compactMap { Edit($0).target }
        // The weight that makes up for a wider scale is part of that.
        .filter { operations != [.reweight] || !rescaled.contains($0) }
      if !ids.isEmpty { parts.append("\(start) \(StatisticText.list(ids.map(\.rawValue)))") }
    }
    let line = parts.joined(separator: "; ")
    return line.prefix(1).uppercased() + line.dropFirst()
  }

  private static let phrases: [([Edit.Operation], String)] = [
    ([.deactivate], "no longer count"), ([.reweight], "less weight on"),
    ([.tighten], "stricter"), ([.relax], "a gate that opens on"),
    ([.rescale, .addLevel], "a wider scale for"), ([.activate], "count again"),
  ]
}
