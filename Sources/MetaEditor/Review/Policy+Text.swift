internal import RubricStore

extension Policy {
  /// One part of the policy's file, with every value that it has.
  struct Section {
    /// One value of it.
    struct Entry {
      var key: String
      var about: String
      var value: JSONValue
      var isDefault: Bool
    }

    var key: String
    var about: String
    var entries: (Policy) -> [Entry]

    static var all: [Section] {
      [
        Section(of: \.evidence, "evidence"), Section(of: \.budget, "budget"),
        Section(of: \.trustRegion, "trust_region"), Section(of: \.support, "support"),
        Section(of: \.agreement, "agreement"),
        Section(key: "lints", about: about("lints")) { policy in
          Lint.all.map { lint in
            let level = policy.level(of: lint)
            return Entry(
              key: lint.name, about: lint.about, value: .string(level.rawValue),
              isDefault: level == lint.standard)
          }
        },
      ]
    }

    private init(key: String, about: String, entries: @escaping (Policy) -> [Entry]) {
      self.key = key
      self.about = about
      self.entries = entries
    }

    private init<Rule: Record>(of path: KeyPath<Policy, Rule>, _ key: String) {
      self.init(key: key, about: Self.about(key)) { policy in
        Rule.fields.map { field in
          let written = field.write(policy[keyPath: path])
          let value = written ?? field.schema().object?["default"] ?? .null
          return Entry(
            key: field.key, about: field.about, value: value, isDefault: written == nil)
        }
      }
    }

    private static func about(_ key: String) -> String {
      Policy.fields.first { $0.key == key }?.about ?? ""
    }
  }

  /// The policy as YAML with every value in it, those that are at their defaults marked so.
  public var effectiveText: String {
    var text = "schema: \(Policy.schema)\n"
    for section in Section.all {
      text += "\(section.key):\n"
      for entry in section.entries(self) {
        text += "  \(entry.key): \(Self.text(entry.value))" + (entry.isDefault ? "  # default" : "")
        text += "\n"
      }
    }
    return text
  }

  /// The policy as YAML with every value in it, each under a comment that says what it means: a file
  /// for people to edit.
  public var commentedText: String {
    var text = """
      # What a meta-update must pass before it is committed. The version that is committed beside
      # the rubric counts. A key that is left out is at its default; null sets no bound.
      schema: \(Policy.schema)

      """
    for section in Section.all {
      text += "\n# \(section.about)\n\(section.key):\n"
      if section.key == "lints" {
        let levels = LintLevel.allCases.map(\.rawValue).joined(separator: ", ")
        text += "  # Each is one of: \(levels).\n"
      }
      for entry in section.entries(self) {
        text += "  # \(entry.about)\n  \(entry.key): \(Self.text(entry.value))\n"
      }
    }
    return text
  }

  /// A scalar as YAML writes it.
  private static func text(_ value: JSONValue) -> String {
    // `off` is false to some readers of YAML.
    if case .string(let word) = value { return word == "off" ? "'off'" : word }
    return value.jsonText
  }
}
