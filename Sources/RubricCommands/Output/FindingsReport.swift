import RubricStore

extension Terminal {
  /// Tells what is wrong with each of some files.
  ///
  /// - Parameters:
  ///   - files: The files; `-` is standard input.
  ///   - isJSON: Whether to tell it in JSON, a line a file.
  ///   - check: What finds what is wrong with a file's bytes.
  /// - Returns: The exit status: 1 where there is any finding.
  /// - Throws: ``InputError`` for a file that cannot be read.
  func findings(
    of files: [String], isJSON: Bool, _ check: ([UInt8]) -> [Finding]
  ) throws -> Int32 {
    var count = 0
    for file in files {
      let findings = check(try FileInput.read(file))
      count += findings.count
      if isJSON {
        json([
          "file": .string(file), "valid": .bool(findings.isEmpty),
          "findings": .array(findings.map(\.json)),
        ])
      } else if findings.isEmpty {
        line("\(file): \(paint("valid", .good))")
      } else {
        for finding in findings { line("\(file):\(finding.mark == nil ? " " : "")\(finding)") }
      }
    }
    if !isJSON, count > 0 {
      Terminal.writeError("\(count) finding\(count == 1 ? "" : "s")\n")
    }
    return count > 0 ? 1 : 0
  }
}
