import CFloor
import FoundationEssentials

/// What a run was made on, without names or paths.
enum Machine {
  static var markdown: String {
    """
    | | |
    |---|---|
    | processor | \(processor) |
    | cores | \(ProcessInfo.processInfo.activeProcessorCount) |
    | system | \(system) |
    | Swift | \(ProcessInfo.processInfo.environment["BENCH_SWIFT"] ?? "not named") |
    | libyaml | \(String(cString: floor_yaml_version())) |

    """
  }

  private static var processor: String {
    field("model name", in: "/proc/cpuinfo", separator: ":") ?? "not named"
  }

  private static var system: String {
    field("PRETTY_NAME", in: "/etc/os-release", separator: "=")
      ?? ProcessInfo.processInfo.operatingSystemVersionString
  }

  private static func field(_ name: String, in path: String, separator: Character) -> String? {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return nil }
    for line in text.split(separator: "\n") where line.hasPrefix(name) {
      guard let mark = line.firstIndex(of: separator) else { continue }
      let blank: Set<Character> = [" ", "\t", "\""]
      var value = line[line.index(after: mark)...]
      value = value.drop(while: blank.contains)
      while let last = value.last, blank.contains(last) { value.removeLast() }
      return String(value)
    }
    return nil
  }
}
