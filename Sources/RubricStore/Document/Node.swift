/// A place in a source text.
public struct SourceMark: Hashable, Sendable {
  /// Bytes from the start of the text, 0 or more.
  public var offset: Int
  /// The line, counted from 1.
  public var line: Int
  /// The column in Unicode scalars, counted from 1.
  public var column: Int

  /// Creates a mark.
  public init(offset: Int, line: Int, column: Int) {
    self.offset = offset
    self.line = line
    self.column = column
  }
}

/// A node of a parsed YAML or JSON text, with its place.
package struct Node: Sendable {
  /// How a scalar was written; a plain one may stand for a number, a boolean or null.
  package enum ScalarStyle: Sendable {
    case plain, singleQuoted, doubleQuoted, literal, folded
  }

  /// A key and its value.
  package struct Entry: Sendable {
    package var key: Node
    package var value: Node
    /// The key's text.
    package var name: String

    package init(key: Node, value: Node, name: String) {
      self.key = key
      self.value = value
      self.name = name
    }
  }

  package enum Content: Sendable {
    case scalar(String, ScalarStyle)
    case sequence([Node], isFlow: Bool)
    case mapping([Entry], isFlow: Bool)
  }

  package var content: Content
  /// The first byte of the node: of a block mapping its first key, of a block sequence its first dash.
  package var start: SourceMark
  /// The byte after the node's last character.
  ///
  /// A block collection ends where its last node does; a block scalar at the end of its last line of
  /// text, before the line break.
  package var end: SourceMark

  package init(content: Content, start: SourceMark, end: SourceMark) {
    self.content = content
    self.start = start
    self.end = end
  }
}
