import ArgumentParser
import RubricStore

/// A scale on the command line: `binary`, `0-5`, `0-10:2` (steps of 2), `0-1:any`, or `levels`.
struct ScaleArgument: ExpressibleByArgument {
  static let help =
    "binary, 0-5 (steps of 1), 0-10:2 (steps of 2), 0-1:any (any number), or levels"
  /// Nil for `levels`.
  var scale: Scale?

  init?(argument: String) {
    switch argument {
    case "binary": scale = .binary
    case "levels": scale = nil
    default:
      let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      // A minus of its own may stand before the first number.
      guard let range = parts.first, let dash = range.dropFirst().firstIndex(of: "-"),
        let min = Double(range[..<dash]), let max = Double(range[range.index(after: dash)...]),
        min.isFinite, max.isFinite
      else { return nil }
      var step: Double? = 1
      if parts.count == 2, parts[1] == "any" {
        step = nil
      } else if parts.count == 2 {
        guard let number = Double(parts[1]), number.isFinite else { return nil }
        step = number
      }
      scale = .numeric(NumericRange(min: min, max: max, step: step), levels: [])
    }
  }
}

/// A level on the command line: `5=Flows from start to end`.
struct LevelArgument: ExpressibleByArgument {
  var value: Double
  var text: String

  init?(argument: String) {
    guard let sign = argument.firstIndex(of: "="), let value = Double(argument[..<sign]),
      value.isFinite
    else { return nil }
    self.value = value
    text = String(argument[argument.index(after: sign)...])
  }
}

/// A gate on the command line: `2`, `2:veto`, `2:cap=0.4`.
struct GateArgument: ExpressibleByArgument {
  static let help = "2 or 2:veto (below 2, veto), 2:cap=0.4 (below 2, at most 0.4)"
  var gate: Gate

  init?(argument: String) {
    let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let min = Double(first), min.isFinite else { return nil }
    gate = Gate(min: min)
    guard parts.count == 2, parts[1] != "veto" else { return }
    guard parts[1].hasPrefix("cap="), let cap = Double(parts[1].dropFirst(4)), cap.isFinite else {
      return nil
    }
    gate = Gate(min: min, effect: .cap, cap: cap)
  }
}

extension Criterion {
  /// The level of a value, or what levels there are.
  func level(_ value: Double) throws -> (index: Int, level: Level) {
    guard let index = scale.levels.firstIndex(where: { $0.value == value }) else {
      let values = scale.levels.map(\.value.words)
      throw InputError(
        "`\(id)` has no level \(value.words)",
        hint: values.isEmpty
          ? "its scale is \(scale.summary)"
          : "it has \(Suggestion.list(values, conjunction: "and"))")
    }
    return (index, scale.levels[index])
  }
}
