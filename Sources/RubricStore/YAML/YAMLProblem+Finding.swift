extension YAMLProblem {
  /// What is wrong, in words for a person who writes rubrics and not parsers.
  func finding(_ lines: inout LineTable, _ bytes: [UInt8]) -> Finding {
    let mark = lines.mark(line: place.line, column: place.column)
    let origin = lines.mark(line: contextPlace.line, column: contextPlace.column)
    let found = SourceMark.found(bytes, mark.offset)
    let from = context.isEmpty ? "" : " that begins at \(origin.line):\(origin.column)"
    let (message, hint) = wording(found: found, from: from)
    return Finding(code: .syntax, mark: mark, message: message, hint: hint)
  }

  private func wording(found: String, from: String) -> (message: String, hint: String?) {
    let collection =
      context.contains("flow mapping")
      ? "mapping in braces" : context.contains("mapping") ? "mapping" : "list"
    switch text {
    case "mapping values are not allowed in this context":
      return ("a colon stands where no key can end", "quote the text if the colon belongs to it")
    case "did not find expected key":
      return (
        "expected a key of the \(collection)\(from), found \(found)",
        "check the indentation, and that text before this line is quoted where it must be"
      )
    case "did not find expected '-' indicator":
      return ("expected `- ` in the list\(from), found \(found)", "check the indentation")
    case "did not find expected ',' or ']'":
      return ("expected `,` or `]` in the list\(from), found \(found)", nil)
    case "did not find expected ',' or '}'":
      return ("expected `,` or `}` in the mapping\(from), found \(found)", nil)
    case "could not find expected ':'":
      return ("expected `:` after the key\(from), found \(found)", nil)
    case "block sequence entries are not allowed in this context":
      return ("a list item stands where no list can be", "put the list on a line of its own")
    case "block mapping values are not allowed in this context",
      "mapping keys are not allowed in this context":
      return ("a key stands where no mapping can be", nil)
    case "found character that cannot start any token":
      return (
        "\(found) cannot begin a value",
        found == "a tab" ? "indent with spaces" : "quote the text"
      )
    case "found unexpected end of stream":
      return ("the quoted text\(from) has no end", "close the quote")
    case "found unexpected document indicator":
      return ("the quoted text\(from) is cut off by a document marker", "close the quote")
    case "found unknown escape character":
      return (
        "the quoted text\(from) holds an unknown escape", "write `\\\\` for a backslash"
      )
    case "did not find expected hexdecimal number", "did not find expected hexadecimal number":
      return ("an escape in the quoted text\(from) lacks hexadecimal digits", nil)
    case "found invalid Unicode character escape code":
      return ("an escape in the quoted text\(from) names no character", nil)
    case "did not find expected comment or line break":
      return ("expected a comment or the end of the line, found \(found)", nil)
    case "found a tab character that violates indentation",
      "found a tab character where an indentation space is expected":
      return ("a tab stands where the indentation is", "indent with spaces")
    case "did not find expected node content":
      return ("expected a value, found \(found)", nil)
    case "did not find expected <document start>":
      return ("the document has ended; expected the end of the file, found \(found)", nil)
    default:
      let what = text.isEmpty ? "this is not YAML" : text
      return (context.isEmpty ? what : "\(what), \(context)\(from)", nil)
    }
  }
}
