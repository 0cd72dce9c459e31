/// A format of rubrics that other systems write.
public enum ImportFormat: String, CaseIterable, Hashable, Sendable {
  /// Meta Policy Optimization: text with `<rubric>` and `<item>`, or meta-level guidelines.
  case mpo
  /// PaperBench: a JSON tree of `requirements`, `weight` and `sub_tasks`.
  case paperbench
}

/// Something that an importer could not carry over as it was, and what it did instead.
public struct ImportNote: Hashable, Sendable {
  /// The line that it is about, counted from 1; nil where it is about the whole text.
  public var line: Int?
  /// The criterion that it is about, if it is about one.
  public var criterion: CriterionID?
  /// What was found and where it went, in one sentence without a full stop.
  public var message: String
}

extension ImportNote: CustomStringConvertible {
  /// The note on one line: `12: clarity: no scale is named; it is scored from 0 to 5, as …`.
  public var description: String {
    (line.map { "\($0): " } ?? "") + (criterion.map { "\($0): " } ?? "") + message
  }
}

/// A rubric made of another system's text.
public struct ImportResult: Hashable, Sendable {
  /// The rubric; `Rubric.findings` says whether it is valid.
  public var rubric: Rubric
  /// What could not be carried over as it was, in the order of the text.
  public var notes: [ImportNote]
}

/// Makes rubrics of other systems' texts.
///
/// Nothing is dropped: what has no field of its own is kept under `ext`, so that the text can be
/// written again, byte by byte where nothing was edited.
public enum Importer {
  /// Finds the format of a text.
  ///
  /// - Parameter text: The bytes of the text; they are not checked.
  /// - Returns: The format, or nil where the text looks like none.
  /// - Complexity: O(*n*) in the number of bytes.
  public static func detect(_ text: [UInt8]) -> ImportFormat? {
    let start = text.firstIndex { ![0xEF, 0xBB, 0xBF, 0x20, 0x09, 0x0A, 0x0D].contains($0) }
    guard let start else { return nil }
    if text[start] == UInt8(ascii: "{") {
      return text.offset(of: "\"sub_tasks\"") == nil ? nil : .paperbench
    }
    for tag in [MPOText.itemStart, MPOText.guidelinesStart] where text.offset(of: tag) != nil {
      return .mpo
    }
    return nil
  }

  /// Makes a rubric of a text.
  ///
  /// - Parameters:
  ///   - text: The bytes of the text, UTF-8, at most ``Limits/textBytes``.
  ///   - format: The format of the text; nil to detect it.
  ///   - name: The name of the file, for messages and for the rubric's id.
  ///   - id: The rubric's id; nil to make it from `name`.
  ///   - repairIDs: Whether criteria whose id stands twice get new ids, each with a note; otherwise
  ///     they are refused.
  /// - Returns: The rubric, and what could not be carried over as it was.
  /// - Throws: ``SyntaxError`` with all that is wrong with the text, each finding with its place.
  public static func rubric(
    from text: [UInt8], format: ImportFormat? = nil, name: String = "", id: RubricID? = nil,
    repairIDs: Bool = false
  ) throws(SyntaxError) -> ImportResult {
    let id = id ?? rubricID(from: name)
    let (result, findings) =
      switch format ?? detect(text) {
      case .mpo: MPOReader.read(text, id: id)
      case .paperbench: PaperBenchReader.read(text, id: id, repairIDs: repairIDs)
      case nil: (nil as ImportResult?, [unknownFormat(text)])
      }
    guard let result, findings.isEmpty else {
      throw SyntaxError(file: name, findings: Array(findings.prefix(Limits.findings)))
    }
    return result
  }

  /// An id made of a file's name, without folders and the last suffix.
  private static func rubricID(from name: String) -> RubricID {
    let file = name.split(separator: "/").last ?? ""
    let stem = file.lastIndex(of: ".").map { file[..<$0] } ?? file
    return RubricID.made(from: String(stem)) ?? RubricID.made(from: String(file)) ?? "imported"
  }

  private static func unknownFormat(_ text: [UInt8]) -> Finding {
    let formats = Suggestion.list(ImportFormat.allCases.map(\.rawValue))
    return Finding(
      code: .syntax, mark: SourceMark(offset: 0, line: 1, column: 1),
      message: text.isEmpty ? "the text is empty" : "the text is in no format that is known",
      hint: "name the format: \(formats)")
  }
}

extension [UInt8] {
  /// The first place at or after `start` where the bytes of `pattern` stand.
  ///
  /// - Complexity: O(*n*·*m*); patterns are short.
  func offset(of pattern: String, from start: Int = 0) -> Int? {
    let pattern = Array(pattern.utf8)
    guard let first = pattern.first, count >= pattern.count else { return nil }
    return withUnsafeBufferPointer { bytes in
      var index = start
      while index <= bytes.count - pattern.count {
        if bytes[index] == first,
          bytes[index..<(index + pattern.count)].elementsEqual(pattern)
        {
          return index
        }
        index += 1
      }
      return nil
    }
  }
}
