public import RubricStore

/// Checks values against the part of JSON Schema that answers of models are asked for in.
///
/// Known are `type`, `enum`, `const`, `properties`, `required`, `additionalProperties`, `items`,
/// `minItems`, `maxItems`, `minLength`, `maxLength`, `minimum`, `maximum`, `exclusiveMinimum`,
/// `exclusiveMaximum`, `anyOf`, `oneOf`, `allOf`, and `$ref` to `#/$defs/NAME`. Other keywords are
/// passed over, as JSON Schema has it for those that a validator does not know.
///
/// - SeeAlso: JSON Schema 2020-12.
public enum SchemaCheck {
  /// The most problems that are told.
  public static let limit = 12
  /// The deepest nesting of schemas.
  private static let depthLimit = 64

  /// What is wrong with a value, a sentence each, at most ``limit``; none if it keeps the schema.
  ///
  /// Numbers are compared by value: `4.0` is an integer and equal to `4`. Lengths are counted in
  /// Unicode scalars.
  ///
  /// - Complexity: O(*n* × *m*) in the sizes of value and schema.
  public static func problems(of value: JSONValue, against schema: JSONValue) -> [String] {
    var check = Check(root: schema)
    check.check(value, schema, path: "", depth: 0)
    return Array(check.problems.prefix(limit))
  }

  private struct Check {
    let root: JSONValue
    var problems: [String] = []

    init(root: JSONValue) { self.root = root }

    mutating func report(_ path: String, _ message: String) {
      guard problems.count < SchemaCheck.limit else { return }
      problems.append(path.isEmpty ? "the answer \(message)" : "`\(path)` \(message)")
    }

    mutating func check(_ value: JSONValue, _ schema: JSONValue, path: String, depth: Int) {
      guard problems.count < SchemaCheck.limit else { return }
      guard depth < SchemaCheck.depthLimit else { return report(path, "is nested too deeply") }
      if schema == .bool(false) { return report(path, "must not be there") }
      guard let schema = schema.object else { return }
      if let reference = schema["$ref"]?.string {
        guard reference.hasPrefix("#/$defs/"),
          let definition = root["$defs"]?[String(reference.dropFirst(8))]
        else { return report(path, "is described by `\(reference)`, which the schema lacks") }
        check(value, definition, path: path, depth: depth + 1)
      }
      // What has the wrong type needs no further words.
      guard checkType(value, schema, path) else { return }
      checkChoice(value, schema, path)
      checkBounds(value, schema, path)
      checkMembers(value, schema, path, depth)
      checkItems(value, schema, path, depth)
      for part in schema["allOf"]?.array ?? [] { check(value, part, path: path, depth: depth + 1) }
      checkForms(value, schema, path, depth)
    }

    private mutating func checkType(
      _ value: JSONValue, _ schema: JSONObject, _ path: String
    )
      -> Bool
    {
      let types: [String]
      switch schema["type"] {
      case .string(let type)?: types = [type]
      case .array(let list)?: types = list.compactMap(\.string)
      default: return true
      }
      if types.contains(where: { Self.isOf($0, value) }) { return true }
      let expected = types.map { Self.words[$0] ?? "`\($0)`" }.joined(separator: " or ")
      report(path, "is \(Self.shown(value)); \(expected) is expected")
      return false
    }

    private mutating func checkChoice(_ value: JSONValue, _ schema: JSONObject, _ path: String) {
      if let constant = schema["const"], !Self.isEqual(value, constant) {
        report(path, "is \(Self.shown(value)); \(Self.shown(constant)) is expected")
      }
      guard let choices = schema["enum"]?.array,
        !choices.contains(where: { Self.isEqual(value, $0) })
      else { return }
      var message = "is \(Self.shown(value)); "
      if choices.count > 24 {
        message += "one of \(choices.count) values is expected"
      } else {
        message += "expected is " + choices.map { Self.shown($0) }.joined(separator: " or ")
      }
      if let word = value.string,
        let near = Suggestion.didYouMean(word, among: choices.compactMap(\.string))
      {
        message += " (\(near))"
      }
      report(path, message)
    }

    private mutating func checkBounds(_ value: JSONValue, _ schema: JSONObject, _ path: String) {
      if let number = Self.double(value) {
        if let least = Self.double(schema["minimum"]), number < least {
          report(
            path, "is \(Self.shown(value)); at least \(Self.shown(schema["minimum"])) is expected")
        }
        if let most = Self.double(schema["maximum"]), number > most {
          report(
            path, "is \(Self.shown(value)); at most \(Self.shown(schema["maximum"])) is expected")
        }
        if let least = Self.double(schema["exclusiveMinimum"]), number <= least {
          report(
            path,
            "is \(Self.shown(value)); more than \(Self.shown(schema["exclusiveMinimum"])) is expected"
          )
        }
        if let most = Self.double(schema["exclusiveMaximum"]), number >= most {
          report(
            path,
            "is \(Self.shown(value)); less than \(Self.shown(schema["exclusiveMaximum"])) is expected"
          )
        }
      }
      if let text = value.string {
        let length = text.unicodeScalars.count
        if let least = Self.count(schema["minLength"]), length < least {
          report(
            path,
            length == 0 ? "is empty" : "has \(length) characters; at least \(least) are expected")
        }
        if let most = Self.count(schema["maxLength"]), length > most {
          report(path, "has \(length) characters; at most \(most) are expected")
        }
      }
      if let items = value.array {
        if let least = Self.count(schema["minItems"]), items.count < least {
          report(path, "has \(items.count) items; at least \(least) are expected")
        }
        if let most = Self.count(schema["maxItems"]), items.count > most {
          report(path, "has \(items.count) items; at most \(most) are expected")
        }
      }
    }

    private mutating func checkMembers(
      _ value: JSONValue, _ schema: JSONObject, _ path: String, _ depth: Int
    ) {
      guard let object = value.object else { return }
      for name in schema["required"]?.array ?? [] {
        if let name = name.string, object[name] == nil { report(path, "has no `\(name)`") }
      }
      let properties = schema["properties"]?.object
      for member in object.members {
        let inner = Self.inner(path, member.key)
        if let known = properties?[member.key] {
          check(member.value, known, path: inner, depth: depth + 1)
          continue
        }
        switch schema["additionalProperties"] {
        case .bool(false)?:
          let names = properties?.members.map(\.key) ?? []
          let near = Suggestion.didYouMean(member.key, among: names).map { " (\($0))" } ?? ""
          report(path, "has \(NodeReader.quote(member.key)), which is not known\(near)")
        case .object(let other)?:
          check(member.value, .object(other), path: inner, depth: depth + 1)
        default: continue
        }
      }
    }

    private mutating func checkItems(
      _ value: JSONValue, _ schema: JSONObject, _ path: String, _ depth: Int
    ) {
      guard let items = value.array, let schema = schema["items"] else { return }
      for (index, item) in items.enumerated() {
        check(item, schema, path: "\(path)[\(index)]", depth: depth + 1)
      }
    }

    private mutating func checkForms(
      _ value: JSONValue, _ schema: JSONObject, _ path: String, _ depth: Int
    ) {
      for (key, isExact) in [("anyOf", false), ("oneOf", true)] {
        guard let forms = schema[key]?.array, !forms.isEmpty else { continue }
        let problems = forms.map { form -> [String] in
          var inner = Check(root: root)
          inner.check(value, form, path: path, depth: depth + 1)
          return inner.problems
        }
        let fitting = problems.count(where: \.isEmpty)
        if isExact, fitting > 1 {
          report(path, "fits \(fitting) of the forms that it may have; one is expected")
        }
        guard fitting == 0 else { continue }
        // The form that is meant says best what is wrong.
        let meant =
          zip(forms, problems).filter { Self.isMeant(value, $0.0) }.map(\.1)
          .min { $0.count < $1.count }
        if let meant = meant ?? (forms.count == 1 ? problems.first : nil) {
          for problem in meant where self.problems.count < SchemaCheck.limit {
            self.problems.append(problem)
          }
        } else {
          report(
            path, "fits none of the \(forms.count) forms that it may have\(tags(value, forms))")
        }
      }
    }

    /// What a member that tells the forms apart is, and what it may be.
    private func tags(_ value: JSONValue, _ forms: [JSONValue]) -> String {
      guard let object = value.object else { return ": it is \(Self.shown(value))" }
      for member in object.members {
        let known = forms.compactMap { $0["properties"]?[member.key]?["const"]?.string }
        guard known.count == forms.count, let word = member.value.string else { continue }
        let near = Suggestion.didYouMean(word, among: known).map { " (\($0))" } ?? ""
        return ": `\(member.key)` is \(Self.shown(member.value)); expected is "
          + Suggestion.list(known) + near
      }
      return ""
    }

    /// Whether the members that a form fixes are as it fixes them, and there is one.
    private static func isMeant(_ value: JSONValue, _ form: JSONValue) -> Bool {
      let fixed = (form["properties"]?.object?.members ?? []).compactMap { member in
        member.value["const"].map { (member.key, $0) }
      }
      return !fixed.isEmpty
        && fixed.allSatisfy { name, constant in
          value[name].map { isEqual($0, constant) } ?? false
        }
    }

    private static func inner(_ path: String, _ key: String) -> String {
      path.isEmpty ? key : "\(path).\(key)"
    }

    private static let words = [
      "object": "an object", "array": "a list", "string": "text", "number": "a number",
      "integer": "a whole number", "boolean": "true or false", "null": "null",
    ]

    private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
      switch (type, value) {
      case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array),
        ("object", .object), ("number", .number), ("number", .integer), ("integer", .integer):
        true
      case ("integer", .number(let number)): number.rounded() == number
      default: false
      }
    }

    private static func isEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
      if left == right { return true }
      if case .integer = left, case .integer = right { return false }
      guard let left = double(left), let right = double(right) else { return false }
      return left == right
    }

    private static func double(_ value: JSONValue?) -> Double? {
      switch value {
      case .integer(let value)?: Double(value)
      case .number(let value)?: value
      default: nil
      }
    }

    private static func count(_ value: JSONValue?) -> Int? {
      double(value).flatMap { Int(exactly: $0) }
    }

    /// A value in a message, cut.
    private static func shown(_ value: JSONValue?) -> String {
      switch value {
      case nil: "nothing"
      case .object?: "an object"
      case .array?: "a list"
      case .string(let text)?: NodeReader.quote(text)
      case let value?: value.jsonText
      }
    }
  }
}
