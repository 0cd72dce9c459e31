public import CRubricStore
internal import RubricStore

/// Stands behind `rs_rubric_validate` of the header.
@c @implementation
public func rs_rubric_validate(
  _ bytes: UnsafePointer<CChar>?, _ length: Int, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let findings = Rubric.findings(
      in: try Argument.bytes(bytes, length, "bytes", limit: Limits.textBytes))
    return [
      "valid": .bool(findings.isEmpty),
      "findings": CallError(SyntaxError(findings: findings)).json["findings"] ?? [],
    ]
  }
}

/// Stands behind `rs_rubric_convert` of the header.
@c @implementation
public func rs_rubric_convert(
  _ bytes: UnsafePointer<CChar>?, _ length: Int, _ options: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let bytes = try Argument.bytes(bytes, length, "bytes", limit: Limits.textBytes)
    let options: ConvertOptions = try Argument.options(options, "options")
    let result = try Importer.rubric(
      from: bytes, format: options.format, name: options.name, id: options.id,
      repairIDs: options.repairIDs)
    let findings = result.rubric.findings
    guard findings.isEmpty else { throw SyntaxError(file: options.name, findings: findings) }
    return [
      "yaml": .string(result.rubric.canonicalText),
      "notes": .array(result.notes.map { .string("\($0)") }),
    ]
  }
}

/// Stands behind `rs_rubric_commit` of the header.
@c @implementation
public func rs_rubric_commit(
  _ store: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ length: Int,
  _ options: UnsafePointer<CChar>?, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let bytes = try Argument.bytes(bytes, length, "bytes", limit: Limits.textBytes)
    let options: CommitOptions = try Argument.options(options, "options")
    // Told as what is wrong with the text, and not as a store that holds such a one.
    let rubric = try Rubric(parsing: bytes).id
    return try store.commit(bytes, of: rubric, options).answer
  }
}

/// Stands behind `rs_rubric_remove` of the header.
@c @implementation
public func rs_rubric_remove(
  _ store: OpaquePointer?, _ rubric: UnsafePointer<CChar>?, _ options: UnsafePointer<CChar>?,
  _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let name = try Argument.text(rubric, "rubric")
    let options: CommitOptions = try Argument.options(options, "options")
    guard let rubric = RubricID(rawValue: name) else {
      throw StoreError(
        .invalidName, "\(NodeReader.quote(name)) is no rubric id",
        hint: "an id is \(RubricID.rule)")
    }
    return try namingAuthor { () throws(StoreError) in
      try store.remove(
        rubric, rationale: options.rationale, proposer: options.proposer.proposer,
        to: options.branch, author: options.author?.identity)
    }.answer
  }
}

extension Store {
  /// Commits a text as a new rubric, or as the edits that lead to it.
  fileprivate func commit(
    _ text: [UInt8], of rubric: RubricID, _ options: CommitOptions
  ) throws(StoreError) -> CommitOutcome {
    try namingAuthor { () throws(StoreError) in
      var isThere = false
      if let tip = try commitTip(of: options.branch) { isThere = try holds(rubric, at: tip) }
      if !isThere {
        do throws(StoreError) {
          return try create(
            text, rationale: options.rationale, proposer: options.proposer.proposer,
            to: options.branch, author: options.author?.identity)
        } catch {
          // Somebody else has committed it since.
          guard error.code == .exists else { throw error }
        }
      }
      return try replace(
        with: text, rationale: options.rationale, proposer: options.proposer.proposer,
        to: options.branch, author: options.author?.identity)
    }
  }
}

extension CommitOutcome {
  /// The answer of what commits: that of the command line, and what it warns of.
  var answer: JSONValue {
    var object = json.object ?? JSONObject()
    object["warning"] = workTreeNote.map { .string($0) } ?? .null
    return .object(object)
  }
}
