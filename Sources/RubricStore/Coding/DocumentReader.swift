/// Reads a text that people and programs write as YAML or as JSON.
package enum DocumentReader {
  /// Reads one document.
  ///
  /// JSON is read as JSON. Almost all of it is YAML too, but not all: readers of YAML refuse an emoji
  /// that is escaped as two surrogates, and fold U+0085 and U+2028 in quotes to a space.
  ///
  /// - Parameter text: The bytes, at most ``Limits/textBytes``.
  /// - Returns: As ``YAMLReader/read(_:)``.
  /// - Complexity: O(*n*) in the number of bytes.
  package static func read(_ text: [UInt8]) -> (root: Node?, findings: [Finding]) {
    let ignored: [UInt8] = [0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D]
    guard let first = text.first(where: { !ignored.contains($0) }),
      first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    else { return YAMLReader.read(text) }
    let json = JSONReader.read(text)
    if json.root != nil, json.findings.isEmpty { return json }
    let yaml = YAMLReader.read(text)
    // What is JSON but for some fault is told in JSON's words, unless YAML allows it.
    return json.root == nil || yaml.findings.isEmpty ? yaml : json
  }
}
