#if Networking
  public import MetaEditor
  internal import Mustache
  internal import RubricStore

  /// Fills templates with swift-mustache.
  public struct MustacheEngine: TemplateEngine {
    /// Creates an engine.
    public init() {}

    /// Reads a template; nothing that it puts in is escaped.
    public func template(_ text: String, name: String) throws -> any PromptTemplate {
      do {
        return Filled(template: try MustacheTemplate(string: "{{%CONTENT_TYPE:TEXT}}" + text))
      } catch {
        throw ProposerError(
          .invalidInput, "the template `\(name)` is no mustache: \(error)",
          hint: "placeholders are {{name}}, sections {{#name}}…{{/name}}")
      }
    }

    private struct Filled: PromptTemplate {
      let template: MustacheTemplate

      func render(_ values: JSONObject) -> String {
        template.render(Self.plain(.object(values)) as Any)
      }

      /// The value as mustache looks names up in it.
      private static func plain(_ value: JSONValue) -> Any? {
        switch value {
        case .null: nil
        case .bool(let value): value
        case .integer(let value): value
        case .number(let value): value
        case .string(let value): value
        case .array(let items): items.map { plain($0) as Any }
        case .object(let object):
          object.members.reduce(into: [String: Any]()) { $0[$1.key] = plain($1.value) }
        }
      }
    }
  }
#endif
