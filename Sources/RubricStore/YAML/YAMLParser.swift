internal import CLibYAML

/// One of libyaml's events, with its text copied.
struct YAMLEvent {
  /// What begins, ends or stands here.
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case sequenceStart(isFlow: Bool)
    case mappingStart(isFlow: Bool)
    case collectionEnd
    case scalar(String, Node.ScalarStyle)
    case alias
  }

  /// A place, both counted from 0, the column in characters.
  struct Place {
    var line: Int
    var column: Int
  }

  var kind: Kind
  var start: Place
  var end: Place
  /// Whether the node has an anchor.
  var isAnchored = false
  /// Whether the node has a tag.
  var isTagged = false
}

/// What libyaml says is wrong with a text.
struct YAMLProblem {
  var text: String
  var place: YAMLEvent.Place
  /// What was being read: "while parsing a block mapping".
  var context: String
  var contextPlace: YAMLEvent.Place
}

/// The owner of one libyaml parser.
///
/// The parser lives on the heap, because libyaml keeps pointers into it.
struct YAMLParser: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>

  /// Creates a parser of a text that must outlive it; nil if memory is short.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    let parser = UnsafeMutablePointer<yaml_parser_t>.allocate(capacity: 1)
    guard yaml_parser_initialize(parser) == 1 else {
      parser.deallocate()
      return nil
    }
    self.parser = parser
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, text.baseAddress, text.count)
  }

  deinit {
    yaml_parser_delete(parser)
    parser.deallocate()
  }

  /// The next event; nil where the text is wrong, and then ``problem`` says how.
  mutating func next() -> YAMLEvent? {
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { return nil }
    defer { yaml_event_delete(&event) }
    return Self.copy(event)
  }

  /// What is wrong with the text, after ``next()`` gave nil.
  var problem: YAMLProblem {
    let state = parser.pointee
    func text(_ pointer: UnsafePointer<CChar>?) -> String {
      pointer.map { String(cString: $0) } ?? ""
    }
    return YAMLProblem(
      text: text(state.problem), place: Self.place(state.problem_mark),
      context: text(state.context), contextPlace: Self.place(state.context_mark))
  }

  private static func place(_ mark: yaml_mark_t) -> YAMLEvent.Place {
    YAMLEvent.Place(line: Int(mark.line), column: Int(mark.column))
  }

  private static func copy(_ event: yaml_event_t) -> YAMLEvent {
    var copy = YAMLEvent(
      kind: .streamEnd, start: place(event.start_mark), end: place(event.end_mark))
    switch event.type {
    case YAML_STREAM_START_EVENT: copy.kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: copy.kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: copy.kind = .documentEnd
    case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT: copy.kind = .collectionEnd
    case YAML_ALIAS_EVENT: copy.kind = .alias
    case YAML_SEQUENCE_START_EVENT:
      let data = event.data.sequence_start
      copy.kind = .sequenceStart(isFlow: data.style == YAML_FLOW_SEQUENCE_STYLE)
      copy.isAnchored = data.anchor != nil
      copy.isTagged = data.tag != nil
    case YAML_MAPPING_START_EVENT:
      let data = event.data.mapping_start
      copy.kind = .mappingStart(isFlow: data.style == YAML_FLOW_MAPPING_STYLE)
      copy.isAnchored = data.anchor != nil
      copy.isTagged = data.tag != nil
    case YAML_SCALAR_EVENT:
      let data = event.data.scalar
      let bytes = UnsafeBufferPointer(start: data.value, count: data.length)
      copy.kind = .scalar(String(decoding: bytes, as: UTF8.self), style(data.style))
      copy.isAnchored = data.anchor != nil
      copy.isTagged = data.tag != nil
    default: break
    }
    return copy
  }

  private static func style(_ style: yaml_scalar_style_t) -> Node.ScalarStyle {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE: .literal
    case YAML_FOLDED_SCALAR_STYLE: .folded
    default: .plain
    }
  }
}
