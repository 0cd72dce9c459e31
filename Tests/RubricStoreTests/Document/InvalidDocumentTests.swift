import Foundation
import RubricStore
import Testing

/// Golden invalid documents: `Fixtures/invalid/NAME.yaml`, and in `NAME.txt` what is said of it.
///
/// `RECORD_SNAPSHOTS=1` writes the texts anew; read the difference before it is kept.
@Suite struct InvalidDocumentTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/invalid")

  private static let names: [String] =
    ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? [])
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()

  @Test func fixturesAreThere() { #expect(Self.names.count > 50) }

  @Test(arguments: names) func findings(_ name: String) throws {
    let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: "\(name).yaml")))
    let findings = Rubric.findings(in: bytes)
    #expect(!findings.isEmpty)
    #expect(findings.allSatisfy { $0.mark != nil })
    let marks = findings.compactMap(\.mark?.offset)
    #expect(marks == marks.sorted(), "in the order of the text")
    let text = findings.map { $0.description + "\n" }.joined()
    let expectation = Self.folder.appending(path: "\(name).txt")
    if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
      try Data(text.utf8).write(to: expectation)
    }
    let expected = String(decoding: try Data(contentsOf: expectation), as: UTF8.self)
    #expect(text.isVerbatim(expected), "\(name):\n\(text)")
    #expect(throws: SyntaxError(file: "f.yaml", findings: findings)) {
      try Rubric(parsing: bytes, file: "f.yaml")
    }
  }
}
