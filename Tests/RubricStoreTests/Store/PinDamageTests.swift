import Foundation
import RubricStore
import Testing

/// A pull verifies every object from the commit to the file against its hash.
@Suite struct PinDamageTests {
  /// Puts bytes into a file that git made read-only.
  private static func overwrite(_ path: String, _ bytes: Data) throws {
    try? FileManager.default.removeItem(atPath: path)
    try #require(FileManager.default.createFile(atPath: path, contents: bytes))
  }

  /// Each byte of each loose object on the way, flipped: the checksum of zlib notices most.
  @Test func aFlippedByteOfALooseObject() throws {
    let (sandbox, _) = try GitSandbox.withEssay(bare: true)
    let commit = try sandbox.id("HEAD")
    let pin = try sandbox.store().pull("essay")
    var (noticed, unnoticed) = (0, 0)
    for name in ["", "^{tree}", ":rubrics", ":rubrics/essay.yaml"] {
      let file = sandbox.looseFile(try sandbox.id(commit.hex + name))
      let whole = try #require(FileManager.default.contents(atPath: file))
      for index in stride(from: 0, to: whole.count, by: 2) {
        var damaged = whole
        damaged[index] ^= 0x10
        try Self.overwrite(file, damaged)
        let store = try sandbox.store()
        do throws(StoreError) {
          // A few bits of a stream mean nothing: what comes out right is right.
          #expect(try store.pull("essay@\(commit.hex)").text == pin.text, "\(name) byte \(index)")
          unnoticed += 1
        } catch {
          #expect(error.code == .corrupt, "\(name) byte \(index): \(error)")
          noticed += 1
        }
      }
      try Self.overwrite(file, whole)
    }
    #expect(noticed > 100 && unnoticed < 10, "\(noticed) noticed, \(unnoticed) not")
    _ = try sandbox.store().pull("essay@\(commit.hex)")
  }

  /// A loose object that is whole in itself, and another than its name says.
  @Test(arguments: ["", "^{tree}", ":rubrics", ":rubrics/essay.yaml"])
  func aLooseObjectOfOtherContent(_ name: String) throws {
    let (sandbox, store) = try GitSandbox.withEssay(bare: true)
    let commit = try sandbox.id("HEAD")
    _ = try store.commit(sample: Sample.reweight("flow", from: 3, to: 4))
    let file = sandbox.looseFile(try sandbox.id(commit.hex + name))
    let other = sandbox.looseFile(try sandbox.id("main" + name))
    try Self.overwrite(file, try #require(FileManager.default.contents(atPath: other)))
    let error = expectStoreError(.corrupt) {
      _ = try sandbox.store().pull("essay@\(commit.hex)")
    }
    #expect(error?.hint?.contains("git fsck") == true)
  }

  /// An object of another kind under the name: a tree where a blob should be, and so on.
  @Test(arguments: ["", "^{tree}", ":rubrics", ":rubrics/essay.yaml"])
  func aLooseObjectOfAnotherKind(_ name: String) throws {
    let (sandbox, _) = try GitSandbox.withEssay(bare: true)
    let commit = try sandbox.id("HEAD")
    let file = sandbox.looseFile(try sandbox.id(commit.hex + name))
    let other = sandbox.looseFile(
      try sandbox.id(commit.hex + (name == ":rubrics/essay.yaml" ? "" : ":rubrics/essay.yaml")))
    try Self.overwrite(file, try #require(FileManager.default.contents(atPath: other)))
    expectStoreError(.corrupt) { _ = try sandbox.store().pull("essay@\(commit.hex)") }
  }

  /// Each byte of a pack but its first and last, flipped.
  @Test func aFlippedByteOfAPack() throws {
    let (sandbox, _) = try GitSandbox.withEssay(bare: true)
    let commit = try sandbox.id("HEAD")
    try sandbox.git("gc", "--quiet", "--prune=now")
    let folder = sandbox.path + "/objects/pack"
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: folder).first { $0.hasSuffix(".pack") })
    let pack = folder + "/" + name
    let whole = try #require(FileManager.default.contents(atPath: pack))
    let pin = try sandbox.store().pull("essay@\(commit.hex)")
    // Behind the head of 12 bytes and before the checksum of 20.
    var noticed = 0
    for index in 12..<(whole.count - 20) {
      for bit in [index.isMultiple(of: 2) ? 0x10 as UInt8 : 0x01] {
        var damaged = whole
        damaged[index] ^= bit
        try Self.overwrite(pack, damaged)
        let store = try sandbox.store()
        do throws(StoreError) {
          #expect(try store.pull("essay@\(commit.hex)").text == pin.text)
        } catch {
          noticed += 1
          #expect(
            error.code == .corrupt || error.code == .tooLarge,
            "byte \(index): \(error.code) \(error)")
        }
      }
    }
    #expect(noticed > (whole.count - 32) * 9 / 10)
  }
}
