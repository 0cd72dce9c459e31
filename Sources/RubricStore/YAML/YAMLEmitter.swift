/// Writes values as canonical YAML: the same value gives the same bytes.
///
/// Block style, indented by two columns; a list's dashes stand two columns right of its key. SPEC.md
/// has the rules for text.
package enum YAMLEmitter {
  /// Returns `value` as a YAML document that ends in a line break.
  ///
  /// Reading it back gives the same value: `.number` always keeps a point.
  ///
  /// - Complexity: O(*n*) in the size of the text.
  package static func emit(_ value: JSONValue) -> String {
    var writer = YAMLWriter()
    writer.write(value, at: .start, indent: 0)
    writer.endLine()
    return writer.text
  }
}
