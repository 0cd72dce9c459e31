extension Finding {
  /// The finding as JSON: `{code, line, column, path, message, hint}`, what is not known being null.
  public var json: JSONValue {
    [
      "code": .string(code.rawValue), "line": mark.map { .integer($0.line) } ?? .null,
      "column": mark.map { .integer($0.column) } ?? .null, "path": .string(path),
      "message": .string(message), "hint": hint.map { .string($0) } ?? .null,
    ]
  }
}
