import Foundation
import RubricStore

/// Python's readers of YAML, run as a program of their own.
enum OtherReaders {
  /// Reads each text with a Python library and returns the values, or nil where it is not there.
  ///
  /// Numbers come back as JSON writes them; a text that the library refuses comes back as
  /// `{"error": …}`.
  static func read(_ texts: [String], library: Library) throws -> [JSONValue]? {
    let folder = FileManager.default.temporaryDirectory
    let input = folder.appending(path: "yaml-\(UUID().uuidString).json")
    let output = folder.appending(path: "yaml-\(UUID().uuidString).out")
    defer {
      try? FileManager.default.removeItem(at: input)
      try? FileManager.default.removeItem(at: output)
    }
    try JSONValue.array(texts.map { .string($0) }).jsonText
      .write(to: input, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      ProcessInfo.processInfo.environment["YAML_TEST_PYTHON"] ?? "python3", "-c",
      library.rawValue + script, input.path(), output.path(),
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    let text = try String(contentsOf: output, encoding: .utf8)
    return try JSONValue(parsing: text).array
  }

  enum Library: String, CaseIterable {
    case pyyaml = "import yaml\nload = yaml.safe_load\n"
    case pyyamlC = "import yaml\nload = lambda text: yaml.load(text, Loader=yaml.CSafeLoader)\n"
    case ruamel = """
      import ruamel.yaml
      load = lambda text: ruamel.yaml.YAML(typ="safe", pure=True).load(text)

      """
  }

  private static let script = """
    import json, sys
    def plain(value):
        if isinstance(value, dict): return {key_of(k): plain(v) for k, v in value.items()}
        if isinstance(value, list): return [plain(v) for v in value]
        if value is None or isinstance(value, (bool, int, float, str)): return value
        return {"error": type(value).__name__}
    def key_of(key):
        return key if isinstance(key, str) else "key of type " + type(key).__name__
    def read(text):
        try: return plain(load(text))
        except Exception as error: return {"error": str(error)}
    with open(sys.argv[1], encoding="utf-8") as file: texts = json.load(file)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump([read(text) for text in texts], file, ensure_ascii=True)
    """
}
