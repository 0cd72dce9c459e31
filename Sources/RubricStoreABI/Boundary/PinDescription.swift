internal import RubricStore

extension PinObject {
  /// What the pin is, its columns and its hashes.
  var description: JSONValue {
    let rubric = pin.rubric
    let hashes = rubric.hashes
    let titles = rubric.titles
    return [
      "rubric": .string(rubric.id.rawValue), "commit": .string(pin.commit.hex),
      "title": .string(rubric.title), "mode": .string(rubric.judge.mode.rawValue),
      "criteria": .integer(columns.count),
      "columns": .array(
        columns.map { column in
          [
            "id": .string(column.id.rawValue), "title": .string(titles[column.id] ?? ""),
            "group": column.path.last.map { .string($0.rawValue) } ?? .null,
            "path": .array(column.path.map { .string($0.rawValue) }),
            "min": .decimal(column.min), "max": .decimal(column.max),
            "polarity": .string(column.polarity.rawValue),
            "status": .string(column.status.rawValue),
          ]
        }),
      "hashes": [
        "content": .string(hashes.content), "judge": .string(hashes.judge),
        "scoring": .string(hashes.scoring),
      ],
      "range": compiled.rewardRange.map { [.decimal($0.lowerBound), .decimal($0.upperBound)] }
        ?? .null,
    ]
  }
}

extension Rubric {
  fileprivate var titles: [CriterionID: String] {
    var titles: [CriterionID: String] = [:]
    var pending = criteria
    while let criterion = pending.popLast() {
      titles[criterion.id] = criterion.title
      pending.append(contentsOf: criterion.criteria)
    }
    return titles
  }
}
