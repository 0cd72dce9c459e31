extension MergeConflict {
  /// The conflict as JSON.
  ///
  /// A value that is not there leaves its key out, so that absence and `null` stay apart.
  ///
  /// - SeeAlso: SPEC.md §12.3.
  public var json: JSONValue {
    var object = JSONObject([("code", .string(code.rawValue))])
    path.write(into: &object)
    object.appendValues(base: base, ours: ours, theirs: theirs)
    object.append("our_causes", .array(ourCauses.map(\.json)))
    object.append("their_causes", .array(theirCauses.map(\.json)))
    object.append("message", .string(message))
    object.append("rules", .array(rules.map(\.json)))
    object.append("takes_value", .bool(takesValue))
    return .object(object)
  }
}

extension MergeConflict.Cause {
  /// The cause as JSON: `edit`, and `commit` where it is known.
  public var json: JSONValue {
    var object = JSONObject()
    if let commit { object.append("commit", .string(commit)) }
    object.append("edit", edit.json)
    return .object(object)
  }
}

extension MergeNote {
  /// The note as JSON.
  public var json: JSONValue {
    var object = JSONObject([("code", .string(code.rawValue))])
    path.write(into: &object)
    object.append("message", .string(message))
    return .object(object)
  }
}

extension MergePath {
  /// Adds the path as it is called, and what it is made of: an id may have points in it.
  func write(into object: inout JSONObject) {
    object.append("path", .string(description))
    if let criterion { object.append("criterion", criterion.written) }
    if let field { object.append("field", .string(field)) }
  }
}

extension JSONObject {
  /// Adds the three values of a place, those that are there.
  mutating func appendValues(base: JSONValue?, ours: JSONValue?, theirs: JSONValue?) {
    if let base { append("base", base) }
    if let ours { append("ours", ours) }
    if let theirs { append("theirs", theirs) }
  }
}
