extension CommitNote {
  /// The note as JSON, as `rubricctl note --json` prints it.
  ///
  /// - Parameter commit: The commit that it is about, which the note does not know.
  /// - Returns: The commit, the metrics with every key there, and the remarks.
  public func json(of commit: ObjectID) -> JSONValue {
    [
      "commit": .string(commit.hex), "metrics": .array(metrics.map(\.fullJSON)),
      "remarks": .array(remarks.map { .string($0) }),
    ]
  }
}

extension Metric {
  /// The metric as JSON with every key there: what is not known is null, where ``json`` leaves it
  /// out.
  public var fullJSON: JSONValue {
    [
      "metric": .string(name.rawValue), "value": json["value"] ?? .null,
      "step": step.map { .integer($0) } ?? .null, "at": json["at"] ?? .null,
      "rubric": rubric.map { .string($0.rawValue) } ?? .null,
      "message": message.map { .string($0) } ?? .null,
    ]
  }
}

extension [MetricName: Metric] {
  /// Metrics by name as JSON, as `rubricctl log --metrics --json` has them beside an entry.
  ///
  /// - Parameter names: Which of them, in this order; those that are not there are left out.
  /// - Returns: An object of `{value, step, at, rubric, message}` for each.
  package func json(of names: some Sequence<MetricName>) -> JSONValue {
    var object = JSONObject()
    for name in names {
      guard let metric = self[name] else { continue }
      var value = metric.fullJSON.object ?? JSONObject()
      value["metric"] = nil
      object[name.rawValue] = .object(value)
    }
    return .object(object)
  }
}
