import ArgumentParser
internal import Glibc
import MetaEditor
import RubricStore

/// What a person gave that is wrong: a file, a name, a combination of options.
struct InputError: Error {
  var message: String
  var hint: String?

  init(_ message: String, hint: String? = nil) {
    self.message = message
    self.hint = hint
  }
}

/// Tells a person what went wrong: a sentence, what is behind it, and what to do.
enum Failure {
  /// Prints an error to standard error.
  ///
  /// - Parameters:
  ///   - error: What went wrong.
  ///   - advice: What to do about it, where the error itself does not say.
  ///   - color: When it is coloured.
  static func report(
    _ error: any Error, hint advice: String? = nil, color: ColorChoice = .auto
  ) {
    var findings: [Finding] = []
    var file = ""
    let message: String
    var hint = advice
    switch error {
    case let error as InputError: (message, hint) = (error.message, error.hint)
    case let error as StoreError:
      (message, hint, findings) = (error.message, error.hint, error.findings)
    case let error as EditError:
      var plain = error
      plain.hint = nil
      plain.findings = []
      (message, hint, findings) = (plain.description, error.hint, error.findings)
    case let error as SyntaxError:
      file = error.file
      let name = file.isEmpty ? "the text" : "`\(file)`"
      message =
        error.findings.count == 1
        ? "\(name) is not valid" : "\(name) is not valid: \(error.findings.count) findings"
      findings = error.findings
    case let error as EditList.Failure:
      switch error {
      case .syntax(let error): return report(error, color: color)
      case .edit(let error): return report(error, color: color)
      }
    case let error as MergeError: (message, hint) = (error.message, error.hint)
    case let error as ProposerError: (message, hint) = (error.message, error.hint)
    default: message = "\(error)"
    }
    let theme = Theme(
      isColored: color.isColored(on: STDERR_FILENO), showsLabels: color == .debug)
    var text = theme.paint("error:", .error) + " \(message)\n"
    let prefix = file.isEmpty ? "  " : "  \(file):"
    for finding in findings {
      text += prefix + (file.isEmpty || finding.mark != nil ? "" : " ") + "\(finding)\n"
    }
    if let hint { text += theme.paint("hint:", .hint) + " \(hint)\n" }
    Terminal.writeError(text)
  }
}
