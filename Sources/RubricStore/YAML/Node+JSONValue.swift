extension Node {
  /// Returns the node as a value, plain scalars resolved by YAML 1.2's core schema.
  ///
  /// - Parameters:
  ///   - path: Where in the document the node stands, for the findings.
  ///   - findings: Takes what cannot be a value: infinities, not a number, integers past 64 bits.
  /// - Returns: The value; nil where there was a finding.
  package func jsonValue(path: String = "", findings: inout [Finding]) -> JSONValue? {
    switch content {
    case .scalar(let text, .plain):
      switch ScalarResolution(plain: text) {
      case .value(let value): return value
      case .nonFinite:
        findings.append(
          Finding(
            code: .invalidValue, mark: start, path: path,
            message: "`\(text)` is not a finite number", hint: "quote it if it is text"))
        return nil
      case .outOfRange:
        findings.append(
          Finding(
            code: .invalidValue, mark: start, path: path,
            message: "`\(text)` does not fit into 64 bits", hint: "quote it if it is text"))
        return nil
      }
    case .scalar(let text, _): return .string(text)
    case .sequence(let items, _):
      var values: [JSONValue] = []
      values.reserveCapacity(items.count)
      var isWhole = true
      for item in items {
        if let value = item.jsonValue(path: path, findings: &findings) {
          values.append(value)
        } else {
          isWhole = false
        }
      }
      return isWhole ? .array(values) : nil
    case .mapping(let entries, _):
      var object = JSONObject()
      var isWhole = true
      for entry in entries {
        let inner = path.isEmpty ? entry.name : "\(path).\(entry.name)"
        if let value = entry.value.jsonValue(path: inner, findings: &findings) {
          object.append(entry.name, value)
        } else {
          isWhole = false
        }
      }
      return isWhole ? .object(object) : nil
    }
  }
}
