/// What a person says about which criterion is which in a series: for each file ids and what has them.
///
/// - SeeAlso: SPEC.md §9.3.
public struct SeriesMap: Hashable, Sendable {
  /// What has an id in a file.
  public enum Target: Hashable, Sendable {
    /// The criterion at a position, counted from 1, groups and what is in them in the order of the
    /// document.
    case position(Int)
    /// The only criterion of a title.
    case title(String)
    /// Nothing: the criterion is gone.
    case nothing
  }

  /// One id of one file.
  public struct Entry: Hashable, Sendable {
    /// The id: of a criterion of the version before, or a new one for one that is added.
    public var id: CriterionID
    /// What has it.
    public var target: Target
    /// Where it stands in the map.
    var mark: SourceMark?

    /// Creates an entry.
    public init(_ id: CriterionID, _ target: Target) {
      self.id = id
      self.target = target
    }
  }

  /// What is said of one file.
  public struct File: Hashable, Sendable {
    /// The file's name as it was given, or its last part.
    public var name: String
    /// The ids, each once.
    public var entries: [Entry]
    /// Where it stands in the map.
    var mark: SourceMark?

    /// Creates what is said of a file.
    public init(_ name: String, _ entries: [Entry]) {
      self.name = name
      self.entries = entries
    }
  }

  /// The name of the map's own file, for messages.
  public var name: String
  /// The files of which something is said.
  public var files: [File]

  /// Creates a map.
  public init(_ files: [File] = [], name: String = "") {
    self.files = files
    self.name = name
  }
}

extension SeriesMap {
  /// Reads a map: a mapping of file names to mappings of ids to a position, a title or null.
  ///
  /// - Parameters:
  ///   - bytes: YAML or JSON, at most ``Limits/textBytes`` bytes.
  ///   - name: The name of the file, for messages.
  /// - Throws: ``SyntaxError`` with all that is wrong.
  public init(parsing bytes: [UInt8], name: String = "") throws(SyntaxError) {
    let (root, findings) = DocumentReader.read(bytes)
    guard let root, findings.isEmpty else { throw SyntaxError(file: name, findings: findings) }
    self.init(name: name)
    var reader = NodeReader()
    guard case .mapping(let entries, _) = root.content else {
      reader.reportType(root, expected: "a mapping of files to ids")
      throw SyntaxError(file: name, findings: reader.findings)
    }
    for entry in entries {
      guard case .mapping(let ids, _) = entry.value.content else {
        reader.inField(entry.name) {
          $0.reportType(
            entry.value, expected: "a mapping of ids to a position, a title or null")
        }
        continue
      }
      var file = File(entry.name, [])
      file.mark = entry.key.start
      for item in ids {
        let read: Entry? = reader.inField(entry.name) { Self.entry(item, &$0) }
        if let read { file.entries.append(read) }
      }
      files.append(file)
    }
    guard reader.findings.isEmpty else {
      throw SyntaxError(file: name, findings: reader.findings)
    }
  }

  private static func entry(_ item: Node.Entry, _ reader: inout NodeReader) -> Entry? {
    guard let id = CriterionID(rawValue: item.name) else {
      reader.report(
        .invalidValue, item.key, "\(NodeReader.quote(item.name)) is no id",
        hint: "an id is \(CriterionID.rule)")
      return nil
    }
    let target: Target? = reader.inField(item.name) { reader in
      guard case .scalar(let text, let style) = item.value.content else {
        reader.reportType(item.value, expected: "a position, a title or null")
        return nil
      }
      if style == .plain, ["", "~", "null"].contains(text) { return .nothing }
      if style == .plain, let position = Int(text) {
        guard position > 0 else {
          reader.report(.invalidValue, item.value, "a position is counted from 1")
          return nil
        }
        return .position(position)
      }
      return .title(text)
    }
    guard let target else { return nil }
    var entry = Entry(id, target)
    entry.mark = item.key.start
    return entry
  }

  /// The map as YAML, to be edited and read again.
  public var text: String {
    let comment = """
      # Which criterion is which. For each file: an id of the version before (or a new id, for one
      # that is added), and the position of its criterion in the file, counted from 1, or its title;
      # null for one that is gone. What is left out is matched again.

      """
    var root = JSONObject()
    for file in files {
      var ids = JSONObject()
      for entry in file.entries {
        let value: JSONValue =
          switch entry.target {
          case .position(let position): .integer(position)
          case .title(let title): .string(title)
          case .nothing: .null
          }
        ids.append(entry.id.rawValue, value)
      }
      root.append(file.name, .object(ids))
    }
    return comment + YAMLEmitter.emit(.object(root))
  }

  /// What is said of a file: by its name as it was given, or else by its last part.
  func file(_ name: String) -> File? {
    files.first { $0.name.isVerbatim(name) }
      ?? files.first { $0.name.isVerbatim(Self.lastPart(name)) }
  }

  static func lastPart(_ name: String) -> String {
    String(name.split(separator: "/").last ?? "")
  }
}
