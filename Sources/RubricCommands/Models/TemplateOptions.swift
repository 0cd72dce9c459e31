import ArgumentParser
internal import Glibc
import MetaEditor
import RubricStore

/// Which templates models are asked with.
struct TemplateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A folder whose files NAME.mustache replace prompt templates; they go before those in "
        + "\(PromptTemplates.folder) of the rubric's commit", valueName: "dir"))
  var templates: String?

  /// The templates: the program's own, replaced by those that a commit holds, replaced by those of
  /// the folder.
  ///
  /// - Parameters:
  ///   - store: The repository; nil for none.
  ///   - commit: The commit in it.
  /// - Returns: The templates.
  /// - Throws: `InputError`, `StoreError`, and `ProposerError` for a template that cannot be used.
  func load(from store: Store?, at commit: ObjectID?) throws -> PromptTemplates {
    var set = PromptTemplates()
    if let store, let commit {
      for file in try store.files(inFolder: PromptTemplates.folder, at: commit) {
        let path = "\(PromptTemplates.folder)/\(file)"
        guard let name = Self.name(file), let bytes = try store.file(path, at: commit) else {
          continue
        }
        let origin = "\(path) at \(commit.prefix(12))"
        try set.replace(name, with: try Self.text(bytes, origin), from: origin)
      }
    }
    if let templates {
      let files = try Self.files(in: templates)
      guard files.contains(where: { Self.name($0) != nil }) else {
        throw InputError(
          "the folder `\(templates)` holds no template",
          hint: "a template is a file NAME\(PromptTemplates.fileEnding); `rubricctl templates "
            + "export \(templates)` writes all of them, to be edited")
      }
      for file in files {
        guard let name = Self.name(file) else { continue }
        let path = templates.hasSuffix("/") ? templates + file : "\(templates)/\(file)"
        try set.replace(name, with: try Self.text(try FileInput.read(path), path), from: path)
      }
    }
    return set
  }

  /// The name of the template that a file holds; nil for another file.
  private static func name(_ file: String) -> String? {
    guard file.hasSuffix(PromptTemplates.fileEnding), !file.hasPrefix(".") else { return nil }
    return String(file.dropLast(PromptTemplates.fileEnding.count))
  }

  private static func text(_ bytes: [UInt8], _ origin: String) throws -> String {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw InputError("`\(origin)` is not UTF-8", hint: "convert it, for example with iconv")
    }
    return text
  }

  /// The names of the files in a folder, ordered.
  private static func files(in folder: String) throws -> [String] {
    guard let handle = opendir(folder) else { throw FileInput.failure(folder) }
    defer { closedir(handle) }
    var names: [String] = []
    while let entry = readdir(handle) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let name { names.append(name) }
    }
    return names.sorted()
  }
}
