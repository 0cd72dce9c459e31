/// Changes a hand-written document where its values changed, and nowhere else.
///
/// Comments, the order of keys, quotes and layout stay as they are wherever an edit does not touch
/// them. A list item that moves takes along its text and the comments directly above it.
package enum YAMLPatcher {
  /// Returns `source` with the values of `new` in the place of those of `old`.
  ///
  /// The result is to be read and compared by the caller, who falls back on the canonical form where
  /// it is not what it should be.
  ///
  /// - Parameters:
  ///   - source: A document in which ``YAMLReader`` found nothing wrong.
  ///   - root: What it read.
  ///   - old: The values of `source`; members that are left out because they are at their default
  ///     may stand in the source, and stay there as long as `new` leaves them out too.
  ///   - new: The values that are wanted.
  /// - Returns: The text; nil where the source is written in a way that cannot be patched.
  /// - Complexity: O(*n* · *d*) in the size of the text and the depth of the values.
  package static func patch(
    source: String, root: Node, old: JSONValue, new: JSONValue
  ) -> String? {
    if old == new { return source }
    guard var patch = YAMLPatch(source, root: root, old: old, new: new) else { return nil }
    return patch.run()
  }
}

/// The state of patching one document.
struct YAMLPatch {
  /// A range of the source and what takes its place.
  struct Splice {
    var range: Range<Int>
    var bytes: [UInt8]
  }

  /// Where a value stands.
  enum Slot {
    /// The whole document.
    case root
    /// After a key in this column, whose colon ends at this offset.
    case key(column: Int, colonEnd: Int)
    /// After a dash in this column.
    case dash(column: Int)
    /// Between brackets or braces.
    case flow
  }

  /// The source, with a line break at its end.
  let bytes: [UInt8]
  let lineBreak: [UInt8]
  let layout: YAMLWriter.Layout
  let root: Node
  let old: JSONValue
  let new: JSONValue
  /// What is to be changed, those inside before those around them.
  var splices: [Splice] = []
  /// The list items that can be moved, by id; found when the first is needed.
  var movables: [Verbatim<String>: Movable]?
  /// Whether something came up that cannot be done.
  var hasFailed = false
  private let lacksFinalBreak: Bool

  /// Nil where the text has line breaks that are not handled: those of YAML 1.1, or lone carriage
  /// returns.
  init?(_ source: String, root: Node, old: JSONValue, new: JSONValue) {
    var bytes = Array(source.utf8)
    guard root.end.offset <= bytes.count, !Self.hasOddBreaks(bytes) else { return nil }
    let isCRLF = bytes.firstIndex(of: 0x0A).map { $0 > 0 && bytes[$0 - 1] == 0x0D } ?? false
    lineBreak = isCRLF ? [0x0D, 0x0A] : [0x0A]
    lacksFinalBreak = bytes.last != 0x0A
    if lacksFinalBreak { bytes += lineBreak }
    self.bytes = bytes
    self.root = root
    self.old = old
    self.new = new
    layout = Self.layout(of: root)
  }

  mutating func run() -> String? {
    change(root, from: old, to: new, in: .root)
    guard !hasFailed, var result = apply(splices, to: 0..<bytes.count) else { return nil }
    if lacksFinalBreak, Self.lastLine(result) == Self.lastLine(bytes) {
      result.removeLast(lineBreak.count)
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// Changes the text of `node` from one value to another.
  ///
  /// - Parameters:
  ///   - node: Stands in the source.
  ///   - old: Its value; nil where it is at its default.
  ///   - new: The value wanted.
  ///   - slot: Where it stands.
  mutating func change(_ node: Node, from old: JSONValue?, to new: JSONValue, in slot: Slot) {
    if old == new || hasFailed { return }
    let isDone =
      switch (node.content, new) {
      case (.mapping(let entries, let isFlow), .object(let object)) where !object.isEmpty:
        change(entries, isFlow: isFlow, from: old ?? .object(JSONObject()), to: object)
      case (.sequence(let items, let isFlow), .array(let values)) where !values.isEmpty:
        change(items, of: node, isFlow: isFlow, from: old?.array, to: values)
      default: false
      }
    if !isDone { replace(node, with: new, in: slot) }
  }

  private mutating func change(
    _ entries: [Node.Entry], isFlow: Bool, from old: JSONValue, to new: JSONObject
  ) -> Bool {
    guard let object = old.object, !entries.isEmpty else { return false }
    return isFlow
      ? changeFlow(entries, from: object, to: new) : changeBlock(entries, from: object, to: new)
  }

  private mutating func change(
    _ items: [Node], of node: Node, isFlow: Bool, from old: [JSONValue]?, to new: [JSONValue]
  ) -> Bool {
    guard let old, old.count == items.count, !items.isEmpty else { return false }
    return isFlow
      ? changeFlow(items, from: old, to: new)
      : changeBlock(items, of: node, from: old, to: new)
  }

  // MARK: Splices

  /// Notes a change; line feeds in `text` become the source's line breaks.
  mutating func splice(_ range: Range<Int>, _ text: some Sequence<UInt8>) {
    splices.append(Splice(range: range, bytes: withLineBreaks(text)))
  }

  func withLineBreaks(_ text: some Sequence<UInt8>) -> [UInt8] {
    guard lineBreak.count > 1 else { return Array(text) }
    var result: [UInt8] = []
    for byte in text {
      if byte == 0x0A, result.last != 0x0D { result.append(0x0D) }
      result.append(byte)
    }
    return result
  }

  /// Returns a range of the source with the splices in it made; nil if they overlap.
  func apply(_ splices: [Splice], to range: Range<Int>) -> [UInt8]? {
    // What is inserted at a place comes before what is replaced from there on; of several
    // insertions the first noted comes first.
    let sorted = splices.enumerated().sorted {
      ($0.element.range.lowerBound, $0.element.range.isEmpty ? 0 : 1, $0.offset)
        < ($1.element.range.lowerBound, $1.element.range.isEmpty ? 0 : 1, $1.offset)
    }
    var result: [UInt8] = []
    var cursor = range.lowerBound
    for (_, splice) in sorted {
      guard splice.range.lowerBound >= cursor, splice.range.upperBound <= range.upperBound else {
        return nil
      }
      result.append(contentsOf: bytes[cursor..<splice.range.lowerBound])
      result.append(contentsOf: splice.bytes)
      cursor = splice.range.upperBound
    }
    result.append(contentsOf: bytes[cursor..<range.upperBound])
    return result
  }

  // MARK: The source's layout

  private static func hasOddBreaks(_ bytes: [UInt8]) -> Bool {
    for (index, byte) in bytes.enumerated() {
      func next(_ distance: Int) -> UInt8 {
        index + distance < bytes.count ? bytes[index + distance] : 0
      }
      switch byte {
      case 0x0D where next(1) != 0x0A, 0xC2 where next(1) == 0x85: return true
      case 0xE2 where next(1) == 0x80 && next(2) & 0xFE == 0xA8: return true
      default: break
      }
    }
    return false
  }

  private static func lastLine(_ bytes: [UInt8]) -> [UInt8] {
    let line = bytes.dropLast().reversed().prefix { $0 != 0x0A }
    return line.reversed()
  }

  /// How far the first nested mapping and the first list stand right of their keys.
  private static func layout(of root: Node) -> YAMLWriter.Layout {
    var mapping: Int?
    var sequence: Int?
    func look(_ node: Node) {
      if mapping != nil, sequence != nil { return }
      switch node.content {
      case .mapping(let entries, isFlow: false):
        for entry in entries {
          let distance = entry.value.start.column - entry.key.start.column
          switch entry.value.content {
          case .mapping(_, isFlow: false): mapping = mapping ?? distance
          case .sequence(_, isFlow: false): sequence = sequence ?? distance
          default: break
          }
          look(entry.value)
        }
      case .sequence(let items, isFlow: false): for item in items { look(item) }
      default: break
      }
    }
    look(root)
    let step = mapping ?? (sequence.map { max($0, 2) } ?? 2)
    return YAMLWriter.Layout(
      mapping: min(max(step, 1), 8), sequence: min(max(sequence ?? step, 0), 8))
  }
}
