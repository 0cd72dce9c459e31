import CRubricStore
import Foundation
import RubricStore
import RubricStoreABI
import Testing

@Suite("Stores and cached pins behind the header")
struct StoreTests {
  /// Opens a store and frees it after `body`.
  private func withHandle<Result>(
    _ call: (AnswerPlace) -> rs_status, _ body: (OpaquePointer?) throws -> Result
  ) throws -> Result {
    var handle: OpaquePointer?
    let status = call(&handle)
    guard status == RS_OK else { throw CallFailure(status) }
    defer { #expect(rs_store_free(handle) == RS_OK) }
    return try body(handle)
  }

  private func commit(of pin: OpaquePointer?) throws -> JSONValue? {
    try json { rs_pin_describe(pin, $0) }["commit"]
  }

  /// Pulls a pin and returns its commit.
  private func pull(_ call: (AnswerPlace) -> rs_status) throws -> JSONValue? {
    var pin: OpaquePointer?
    let status = call(&pin)
    guard status == RS_OK else { throw CallFailure(status) }
    defer { #expect(rs_pin_free(pin) == RS_OK) }
    return try commit(of: pin)
  }

  @Test func aCloneHasWhatItsSourceHas() throws {
    let folder = try TestFolder.withEssay()
    let tip = try folder.reweight(from: 3, to: 4)
    try folder.store.note([Metric("reward", 0.5)], on: tip)
    for (index, source) in [folder.repository, "file://" + folder.repository].enumerated() {
      let path = folder.path + "/clone\(index)"
      try withHandle({ rs_store_clone(source, path, nil, $0) }) { store in
        let answer = try json { rs_store_describe(store, $0) }
        #expect(answer["bare"] == false)
        #expect(answer["head"] == ["name": "main", "branch": true, "commit": .string(tip.hex)])
        #expect(try pull { rs_pin_pull(store, "essay", $0) } == .string(tip.hex))
      }
      #expect(try Store.open(path).notes(of: [tip])[tip]?.metrics.first?.value == 0.5)
    }
    let bare = folder.path + "/bare"
    try withHandle({
      rs_store_clone(folder.repository, bare, #"{"bare": true, "branch": "main"}"#, $0)
    }) { store in
      let answer = try json { rs_store_describe(store, $0) }
      #expect(answer["bare"] == true)
    }
  }

  @Test func aCloneThatFailsLeavesNothing() throws {
    let folder = try TestFolder.withEssay()
    let path = folder.path + "/clone"
    for (source, target, options, status) in [
      ("git://127.0.0.1:1/x", path, nil, RS_ERR_TRANSPORT),
      ("https://127.0.0.1:1/x", path, nil, RS_ERR_TRANSPORT),
      (folder.path + "/nowhere", path, nil, RS_ERR_NOT_FOUND),
      (folder.repository, folder.repository, nil, RS_ERR_EXISTS),
      (folder.repository, path, #"{"branch": "nowhere"}"#, RS_ERR_NOT_FOUND),
      (folder.repository, path, #"{"branch": "a..b"}"#, RS_ERR_NAME),
      (folder.repository, path, #"{"branch": ""}"#, RS_ERR_NAME),
      (folder.repository, path, #"{"depth": 1}"#, RS_ERR_SYNTAX),
      (folder.repository, path, #"{"cache": ""}"#, RS_ERR_NAME),
      (folder.repository, "", nil, RS_ERR_NAME), ("", path, nil, RS_ERR_NAME),
      ("ftp://example.org/x", path, nil, RS_ERR_NAME),
    ] as [(String, String, String?, Int)] {
      let failed = failure(status) { rs_store_clone(source, target, options, $0) }
      #expect(failed != nil, "\(source) \(target) \(options ?? "")")
      #expect(!FileManager.default.fileExists(atPath: path))
    }
    failure(RS_ERR_ARGUMENT) { rs_store_clone(nil, path, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_store_clone(folder.repository, nil, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_store_clone(HostileTexts.notUTF8, path, nil, $0) }
    failure(RS_ERR_ARGUMENT, ofCall: { rs_store_clone(folder.repository, path, nil, nil) })
    #expect(!FileManager.default.fileExists(atPath: path))
    HostileTexts.tryAll { text, place in
      place.pointee = nil
      var store: OpaquePointer?
      let status = rs_store_clone(folder.repository, path, text, &store)
      guard status == RS_OK else { return status }
      _ = rs_store_free(store)
      try? FileManager.default.removeItem(atPath: path)
      return rs_pin_free(nil)
    }
  }

  @Test func pinsOfAFolder() throws {
    let folder = try TestFolder.withEssay()
    let tip = JSONValue.string(try folder.git("rev-parse", "main"))
    let hash = tip.string ?? ""
    let cache = folder.path + "/pins"
    let options = #"{"discover": false, "cache": "\#(cache)"}"#
    failure(RS_ERR_NOT_FOUND) { rs_pin_pull_cached(cache, "essay@\(hash)", $0) }
    try withHandle({ rs_store_open(folder.repository, options, $0) }) { store in
      let pulled = try pull { rs_pin_pull(store, "essay@main", $0) }
      #expect(pulled == tip)
    }
    try FileManager.default.removeItem(atPath: folder.repository)
    #expect(try pull { rs_pin_pull_cached(cache, "essay@\(hash)", $0) } == tip)
    #expect(try pull { rs_pin_pull_cached(cache, "@\(hash)", $0) } == tip)
    failure(RS_ERR_NAME) { rs_pin_pull_cached(cache, "essay@main", $0) }
    failure(RS_ERR_NAME) { rs_pin_pull_cached(cache, "essay", $0) }
    failure(RS_ERR_NOT_FOUND) { rs_pin_pull_cached(cache, "maths@\(hash)", $0) }
    failure(RS_ERR_ARGUMENT) { rs_pin_pull_cached(nil, "essay@\(hash)", $0) }
    failure(RS_ERR_ARGUMENT) { rs_pin_pull_cached(cache, nil, $0) }
    failure(RS_ERR_ARGUMENT) { rs_pin_pull_cached(cache, HostileTexts.notUTF8, $0) }
    failure(RS_ERR_ARGUMENT, ofCall: { rs_pin_pull_cached(cache, "essay@\(hash)", nil) })
    let file = URL(fileURLWithPath: "\(cache)/\(hash)-essay.pin")
    var bytes = try Data(contentsOf: file)
    bytes[bytes.count - 3] ^= 1
    try bytes.write(to: file)
    let damaged = failure(RS_ERR_CORRUPT) { rs_pin_pull_cached(cache, "essay@\(hash)", $0) }
    #expect(damaged?.message.contains(file.path) == true)
  }
}
