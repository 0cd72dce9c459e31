extension Rubric {
  /// The canonical text: the same rubric, the same bytes.
  ///
  /// - SeeAlso: SPEC.md §4.
  public var canonicalText: String { YAMLEmitter.emit(written) }

  /// The document as JSON, its members in canonical order and its defaults left out.
  public var json: JSONValue { written }
}
