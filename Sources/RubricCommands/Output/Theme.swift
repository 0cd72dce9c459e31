/// What a piece of output means; the theme says how that looks.
enum Label: String {
  case error, hint, warning, commit, id, added, removed, changed, number, heading, muted, gate, good
}

/// Paints output by its meaning.
struct Theme {
  var isColored: Bool
  /// Whether the labels are shown instead of colours, for tests and for those who write themes.
  var showsLabels: Bool

  func paint(_ text: String, _ label: Label) -> String {
    if showsLabels { return "<\(label.rawValue)>\(text)</\(label.rawValue)>" }
    guard isColored, !text.isEmpty else { return text }
    return "\u{1B}[\(code(label))m\(text)\u{1B}[0m"
  }

  private func code(_ label: Label) -> String {
    switch label {
    case .error, .removed: "31"
    case .added, .good: "32"
    case .commit, .changed: "33"
    case .id: "1"
    case .number: "36"
    case .heading: "1"
    case .hint: "36"
    case .warning, .gate: "35"
    case .muted: "2"
    }
  }
}
