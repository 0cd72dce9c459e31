public import RubricStore

/// A template that was read: filled, it is the messages of a request.
public struct MessageTemplate: Sendable {
  private var parts: [(role: ChatMessage.Role, template: any PromptTemplate)] = []

  /// Reads a template.
  ///
  /// - Parameters:
  ///   - text: The template.
  ///   - name: Its name, for messages.
  ///   - engine: What fills templates.
  /// - Throws: ``ProposerError`` with code ``ProposerError/Code/invalidInput`` where the engine cannot
  ///   read it.
  public init(
    _ text: String, name: String, engine: any TemplateEngine
  ) throws(ProposerError) {
    for part in TemplateText(text).parts {
      do {
        parts.append((part.role, try engine.template(part.text, name: name)))
      } catch let error as ProposerError {
        throw error
      } catch {
        throw ProposerError(.invalidInput, "the template `\(name)` cannot be read: \(error)")
      }
    }
  }

  /// Fills the placeholders.
  ///
  /// - Parameter values: By name; objects are sections, lists repeat theirs.
  /// - Returns: The messages that are not empty, without blanks and line breaks around them.
  public func messages(_ values: JSONObject) -> [ChatMessage] {
    parts.compactMap { part in
      let text = part.template.render(values).trimmedOfBlanks
      return text.isEmpty ? nil : ChatMessage(part.role, text)
    }
  }
}

extension String {
  /// The text without spaces, tabs and line breaks at both ends.
  var trimmedOfBlanks: String {
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    guard let first = utf8.firstIndex(where: { !isBlank($0) }),
      let last = utf8.lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
