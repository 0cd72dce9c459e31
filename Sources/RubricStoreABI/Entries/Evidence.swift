public import CRubricStore
internal import MetaEditor
internal import RubricStore

/// Stands behind `rs_replay_read` of the header.
@c @implementation
public func rs_replay_read(
  _ store: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ lines: UnsafePointer<CChar>?,
  _ length: Int, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    let request: ReplayRequest = try Argument.request(request)
    guard (0...10_000).contains(request.top) else {
      throw CallError.argument("`top` is \(request.top); it is a number from 0 to 10000")
    }
    let first = try store.revision(request.from)
    var second = RubricRevision(rubric: first.rubric, revision: request.to)
    if request.to.contains("@"), !request.to.contains("@{") {
      second = try store.revision(request.to)
    }
    let old = try store.pull(first.rubric ?? second.rubric, at: first.revision)
    let new = try store.pull(second.rubric ?? old.rubric.id, at: second.revision)
    let origins = VersionOrigins(store: store, from: old, to: new)
    var replay = Replay(
      from: old.rubric, to: new.rubric,
      settings: Replay.Settings(top: request.top, assumesHeld: request.assumeHeld),
      origin: origins.origin)
    var rollouts: [JSONValue] = []
    try EvidenceLines(lines, length).forEach { line, number throws(SyntaxError) in
      let judgement = try Judgement(parsing: line, lineNumber: number)
      guard let replayed = replay.add(judgement), request.each else { return }
      rollouts.append(replayed.json)
    }
    var object = JSONObject([
      ("rubric", .string(new.rubric.id.rawValue)), ("from", .string(old.commit.hex)),
      ("to", .string(new.commit.hex)),
    ])
    for member in replay.report.json.object?.members ?? [] { object[member.key] = member.value }
    if request.each { object["rollouts"] = .array(rollouts) }
    return .object(object)
  }
}

/// Stands behind `rs_evidence_update` of the header.
@c @implementation
public func rs_evidence_update(
  _ store: OpaquePointer?, _ request: UnsafePointer<CChar>?, _ lines: UnsafePointer<CChar>?,
  _ length: Int, _ json: UnsafeMutablePointer<OpaquePointer?>?
) -> rs_status {
  answer(json: json) {
    let store = try Handles.object(store, as: StoreObject.self).store
    // Copied once, so that places in it stay where they are.
    let text = try Argument.text(request, "request", limit: Limits.textBytes)
    let request: EvidenceRequest = try text.withCString { try Argument.request($0) }
    let pin = try store.pull(request.rubric, at: request.branch ?? "HEAD")
    // Nothing here waits for another thread: after `fork` there is none.
    let proposer = StatisticalProposer()
    let editor = MetaEditor(
      store: store, proposer: proposer,
      policy: try request.policy.map { try Policy(parsing: Array($0.utf8), file: "policy") })
    var gatherer = editor.gatherer(of: pin)
    try EvidenceLines(lines, length).forEach { line, number throws(SyntaxError) in
      try gatherer.add(line: line, number: number)
    }
    let evidence = gatherer.gathered
    guard evidence.count > 0 else {
      throw ProposerError(
        .invalidInput,
        evidence.otherCount == 0
          ? "the evidence holds no graded rollouts"
          : "none of the \(evidence.otherCount) records was graded under "
            + "\(pin.rubric.id)@\(pin.commit.prefix(12))",
        hint: "hand over what was graded under the version at the tip")
    }
    let name = request.proposal?.name ?? proposer.name
    let proposal =
      try request.proposal?.proposal(in: Array(text.utf8), for: pin.rubric)
      ?? proposer.proposal(for: try editor.request(for: evidence, on: pin))
    let reviewed = try editor.review(proposal, by: name, on: evidence, of: pin)
    var outcome: CommitOutcome?
    if request.commit {
      outcome = try namingAuthor { () throws(StoreError) in
        try editor.commit(reviewed, to: request.branch, author: request.author?.identity)
      }
    }
    return ["proposal": reviewed.json, "outcome": outcome?.json ?? .null]
  }
}

/// JSON lines that a caller hands over.
private struct EvidenceLines {
  /// The most bytes of one call: more than a gigabyte is handed over in parts, or as a file.
  private static let limit = 1 << 30
  private let bytes: UnsafeRawBufferPointer

  init(_ pointer: UnsafePointer<CChar>?, _ length: Int) throws(CallError) {
    guard (0...Self.limit).contains(length) else {
      throw .argument(
        "the lines have \(UInt(bitPattern: length)) bytes; the limit is \(Self.limit)")
    }
    guard pointer != nil || length == 0 else { throw .argument("the lines are NULL") }
    bytes = UnsafeRawBufferPointer(start: pointer, count: length)
  }

  /// Goes through the lines that are not blank, with their numbers from 1.
  func forEach(_ body: ([UInt8], Int) throws(SyntaxError) -> Void) throws(SyntaxError) {
    var number = 0
    var start = 0
    while start < bytes.count {
      number += 1
      let end = bytes[start...].firstIndex(of: 0x0A) ?? bytes.count
      let line = Array(bytes[start..<end])
      if !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { try body(line, number) }
      start = end + 1
    }
  }
}
