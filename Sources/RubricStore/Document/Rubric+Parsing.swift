extension Rubric {
  /// A rubric together with the text that it was read from.
  package struct Source: Sendable {
    package var rubric: Rubric
    package var root: Node
  }

  /// Reads a rubric from YAML or JSON.
  ///
  /// - Parameters:
  ///   - text: A document of at most ``Limits/textBytes`` bytes.
  ///   - file: The name of the file, for messages.
  /// - Throws: ``SyntaxError`` with all that is wrong, each finding with its place.
  /// - Complexity: O(*n*) in the length of the text.
  /// - SeeAlso: SPEC.md §2 and §3.
  public init(parsing text: String, file: String = "") throws(SyntaxError) {
    self = try Rubric.source(Array(text.utf8), file: file).rubric
  }

  /// Reads a rubric from the bytes of a file.
  ///
  /// - Parameters:
  ///   - bytes: A document of at most ``Limits/textBytes`` bytes.
  ///   - file: The name of the file, for messages.
  /// - Throws: ``SyntaxError`` with all that is wrong, bytes that are not UTF-8 included.
  public init(parsing bytes: [UInt8], file: String = "") throws(SyntaxError) {
    self = try Rubric.source(bytes, file: file).rubric
  }

  /// Returns all that is wrong with a text, in the order of the text; nothing where it is valid.
  ///
  /// - Parameter bytes: The document, YAML or JSON.
  /// - Returns: The findings; a valid text has none.
  public static func findings(in bytes: [UInt8]) -> [Finding] {
    do throws(SyntaxError) {
      _ = try source(bytes, file: "")
      return []
    } catch {
      return error.findings
    }
  }

  /// All that is wrong with the rubric as a value; nothing where it is valid.
  ///
  /// - Complexity: O(*n*) in the size of the rubric.
  public var findings: [Finding] { Validation.issues(of: self).map(\.finding) }

  package static func source(_ bytes: [UInt8], file: String) throws(SyntaxError) -> Source {
    do throws(SyntaxError) {
      return try checkedSource(bytes, file: file)
    } catch {
      // Only a text that is refused can be an unfinished merge, so others pay nothing for the look.
      guard let unfinished = UnfinishedMerge.finding(in: bytes) else { throw error }
      var rest: [Finding] = []
      if let text = unfinished.text {
        do throws(SyntaxError) {
          _ = try checkedSource(text, file: file)
        } catch {
          rest = error.findings
        }
      }
      throw SyntaxError(file: file, findings: [unfinished.finding] + rest)
    }
  }

  /// Reads a rubric whose fields are right one by one, whatever is wrong with the whole of it; nil
  /// where there is more wrong than that.
  package static func unchecked(_ bytes: [UInt8]) -> Source? {
    let (root, findings) = DocumentReader.read(bytes)
    var reader = NodeReader()
    guard let root, findings.isEmpty, let rubric = Rubric.read(root, &reader),
      reader.findings.isEmpty
    else { return nil }
    return Source(rubric: rubric, root: root)
  }

  private static func checkedSource(
    _ bytes: [UInt8], file: String
  ) throws(SyntaxError) -> Source {
    let (root, syntaxFindings) = DocumentReader.read(bytes)
    guard let root else { throw SyntaxError(file: file, findings: syntaxFindings) }
    var reader = NodeReader()
    let rubric = Rubric.read(root, &reader)
    let refused = Set(syntaxFindings.compactMap(\.mark?.offset))
    var findings =
      syntaxFindings + reader.findings.filter { !refused.contains($0.mark?.offset ?? -1) }
    if let rubric {
      // A key that nobody knows takes nothing away, unless it was meant for one that is missing.
      let faults = findings.filter { $0.code != .unknownKey }.compactMap(\.mark?.offset)
      let unknown = findings.filter { $0.code == .unknownKey }.compactMap(\.mark?.offset)
      for issue in Validation.issues(of: rubric) {
        let node = node(of: issue, root: root, criteria: reader.criterionNodes)
        // A part that could not be read is missing now, so nothing can be said of the whole.
        let range = node.start.offset...max(node.start.offset, node.end.offset)
        guard !faults.contains(where: range.contains) else { continue }
        guard issue.finding.code != .missingKey || !unknown.contains(where: range.contains) else {
          continue
        }
        var finding = issue.finding
        finding.mark = node.start
        if let first = issue.first, reader.criterionNodes.indices.contains(first) {
          finding.message += ", first on line \(reader.criterionNodes[first].start.line)"
        }
        findings.append(finding)
      }
    }
    guard findings.isEmpty, let rubric else {
      let ordered = findings.enumerated().sorted {
        ($0.element.mark?.offset ?? 0, $0.offset) < ($1.element.mark?.offset ?? 0, $1.offset)
      }
      throw SyntaxError(
        file: file, findings: Array(ordered.map(\.element).prefix(Limits.findings)))
    }
    return Source(rubric: rubric, root: root)
  }

  /// The node that an issue is about; where it is missing, the one that it is missing from.
  private static func node(
    of issue: Validation.Issue, root: Node, criteria: [Node]
  ) -> Node {
    var node = root
    if let index = issue.criterion, criteria.indices.contains(index) { node = criteria[index] }
    for step in issue.steps {
      switch (step, node.content) {
      case (.key(let key), .mapping(let entries, _)):
        guard let entry = entries.first(where: { $0.name == key }) else { return node }
        node = entry.value
      case (.item(let index), .sequence(let items, _)):
        guard items.indices.contains(index) else { return node }
        node = items[index]
      default: return node
      }
    }
    return node
  }
}
