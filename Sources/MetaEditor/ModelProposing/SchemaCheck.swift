internal import RubricStore

/// Checks a value against a schema of the kind that models are asked to keep.
///
/// It knows the keywords that our schemas use and passes over others: `type`, `enum`, `properties`,
/// `required`, `additionalProperties: false`, `items`, `minItems`, `maxItems`, `minLength`,
/// `maxLength`, `minimum`, `maximum`, `anyOf`.
struct SchemaCheck {
  /// The most problems that are told: a model learns nothing from more.
  private static let limit = 12
  private var found: [String] = []

  /// What is wrong with `value`, a sentence each; none where it keeps the schema.
  static func problems(of value: JSONValue, against schema: JSONValue, at path: String = "")
    -> [String]
  {
    var check = SchemaCheck()
    check.check(value, schema, path)
    return check.found
  }

  private mutating func report(_ path: String, _ message: String) {
    guard found.count < Self.limit else { return }
    found.append(path.isEmpty ? "the answer \(message)" : "`\(path)` \(message)")
  }

  private mutating func check(_ value: JSONValue, _ schema: JSONValue, _ path: String) {
    if let alternatives = schema["anyOf"]?.array {
      checkAny(value, alternatives, path)
      return
    }
    if let type = schema["type"]?.string, !Self.isOf(type, value) {
      report(path, "is \(Self.kind(value)), expected \(Self.article(type))")
      return
    }
    if let allowed = schema["enum"]?.array, !allowed.contains(where: { Self.isSame($0, value) }) {
      let words = allowed.prefix(40).map { $0.string ?? $0.jsonText }
      report(
        path,
        "is \(NodeReader.quote(value.string ?? value.jsonText)), expected one of "
          + words.joined(separator: ", ") + (allowed.count > 40 ? ", …" : ""))
      return
    }
    switch value {
    case .string(let text): checkText(text, schema, path)
    case .integer(let number): checkNumber(Double(number), schema, path)
    case .number(let number): checkNumber(number, schema, path)
    case .array(let items): checkItems(items, schema, path)
    case .object(let object): checkMembers(object, schema, path)
    case .null, .bool: break
    }
  }

  /// Where none of the alternatives fits, tells what is wrong with the one that fits best.
  private mutating func checkAny(_ value: JSONValue, _ alternatives: [JSONValue], _ path: String) {
    var best: [String]?
    for alternative in alternatives {
      let problems = Self.problems(of: value, against: alternative, at: path)
      if problems.isEmpty { return }
      if problems.count < best?.count ?? .max { best = problems }
    }
    for problem in best ?? ["nothing is expected here"] where found.count < Self.limit {
      found.append(problem)
    }
  }

  private mutating func checkText(_ text: String, _ schema: JSONValue, _ path: String) {
    let count = text.unicodeScalars.count
    if let least = Self.integer(schema["minLength"]), count < least {
      report(path, least == 1 ? "is empty" : "has \(count) characters, expected \(least) or more")
    }
    if let most = Self.integer(schema["maxLength"]), count > most {
      report(path, "has \(count) characters, expected \(most) at most")
    }
  }

  private mutating func checkNumber(_ number: Double, _ schema: JSONValue, _ path: String) {
    if let least = Self.number(schema["minimum"]), number < least {
      report(
        path,
        "is \(CanonicalNumber.text(number)), expected \(CanonicalNumber.text(least)) or more")
    }
    if let most = Self.number(schema["maximum"]), number > most {
      report(
        path,
        "is \(CanonicalNumber.text(number)), expected \(CanonicalNumber.text(most)) at most")
    }
  }

  private mutating func checkItems(_ items: [JSONValue], _ schema: JSONValue, _ path: String) {
    if let least = Self.integer(schema["minItems"]), items.count < least {
      report(path, "has \(items.count) items, expected \(least) or more")
    }
    if let most = Self.integer(schema["maxItems"]), items.count > most {
      report(path, "has \(items.count) items, expected \(most) at most")
      return
    }
    guard let each = schema["items"] else { return }
    for (index, item) in items.enumerated() where found.count < Self.limit {
      check(item, each, "\(path)[\(index + 1)]")
    }
  }

  private mutating func checkMembers(_ object: JSONObject, _ schema: JSONValue, _ path: String) {
    let properties = schema["properties"]?.object ?? JSONObject()
    for key in schema["required"]?.array ?? [] {
      guard let key = key.string, object[key] == nil else { continue }
      report(path, "has no `\(key)`")
    }
    for member in object.members where found.count < Self.limit {
      let inner = path.isEmpty ? member.key : "\(path).\(member.key)"
      if let property = properties[member.key] {
        check(member.value, property, inner)
      } else if schema["additionalProperties"] == false {
        report(path, "has \(NodeReader.quote(member.key)), which nothing asks for")
      }
    }
  }

  /// The number, where the value is one.
  static func number(_ value: JSONValue?) -> Double? {
    switch value {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }

  private static func integer(_ value: JSONValue?) -> Int? {
    if case .integer(let number)? = value { number } else { nil }
  }

  private static func isSame(_ left: JSONValue, _ right: JSONValue) -> Bool {
    if let left = number(left), let right = number(right) { return left == right }
    return left == right
  }

  private static func isOf(_ type: String, _ value: JSONValue) -> Bool {
    switch (type, value) {
    case ("string", .string), ("boolean", .bool), ("array", .array), ("object", .object),
      ("null", .null), ("integer", .integer), ("number", .integer), ("number", .number):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  private static func kind(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool: "a boolean"
    case .integer, .number: "a number"
    case .string: "text"
    case .array: "a list"
    case .object: "an object"
    }
  }

  private static func article(_ type: String) -> String {
    switch type {
    case "string": "text"
    case "array": "a list"
    case "object": "an object"
    case "integer": "a whole number"
    default: "a \(type)"
    }
  }
}
