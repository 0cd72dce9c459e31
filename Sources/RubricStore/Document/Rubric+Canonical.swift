extension Rubric {
  /// The canonical text: the same rubric, the same bytes.
  ///
  /// - SeeAlso: SPEC.md §4.
  public var canonicalText: String { YAMLEmitter.emit(written) }

  /// The canonical text of one criterion, as a document of its own.
  package func canonicalText(of criterion: Criterion) -> String {
    YAMLEmitter.emit(criterion.written)
  }

  /// The document as JSON, its members in canonical order and its defaults left out.
  public var json: JSONValue { written }
}

extension Criterion {
  /// Reads one criterion, or a group, from YAML or JSON.
  ///
  /// - Parameters:
  ///   - bytes: A mapping, as it stands in a rubric's `criteria`.
  ///   - file: The name of the file, for messages.
  /// - Throws: ``SyntaxError`` with all that a single criterion shows to be wrong.
  public init(parsing bytes: [UInt8], file: String = "") throws(SyntaxError) {
    let (root, findings) = DocumentReader.read(bytes)
    var reader = NodeReader()
    let criterion = root.flatMap { Criterion.read($0, &reader) }
    guard let criterion, findings.isEmpty, reader.findings.isEmpty else {
      throw SyntaxError(file: file, findings: findings + reader.findings)
    }
    self = criterion
  }

  /// The criterion as JSON, its members in canonical order and its defaults left out.
  public var json: JSONValue { written }
}
