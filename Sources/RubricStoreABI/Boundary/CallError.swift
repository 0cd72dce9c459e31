internal import CRubricStore
internal import MetaEditor
internal import RubricStore

/// What a call failed of, as the header tells it.
struct CallError: Error {
  var status: rs_status
  /// The finer code, in snake case.
  var code: String
  /// One sentence without a full stop.
  var message: String
  var hint: String?
  var file = ""
  var findings: [Finding] = []
  var edit: EditError?

  init(_ status: Int, _ code: String, _ message: String, hint: String? = nil) {
    self.status = rs_status(status)
    self.code = code
    self.message = message
    self.hint = hint
  }

  static func argument(_ message: String, hint: String? = nil) -> CallError {
    CallError(RS_ERR_ARGUMENT, "argument", message, hint: hint)
  }

  static func handle(_ handle: OpaquePointer?, _ name: String) -> CallError {
    CallError(
      RS_ERR_HANDLE, "handle",
      handle == nil
        ? "the handle of type `\(name)` is NULL"
        : "there is no `\(name)` of this handle: it was freed, or is of another kind")
  }

  init(_ error: any Error) {
    switch error {
    case let error as CallError: self = error
    case let error as StoreError: self.init(error)
    case let error as EditError: self.init(error)
    case let error as SyntaxError: self.init(error)
    case let error as MergeError:
      self.init(RS_ERR_MERGE, error.code.rawValue, error.message, hint: error.hint)
    case let error as ProposerError:
      self.init(RS_ERR_PROPOSAL, error.code.rawValue, error.message, hint: error.hint)
    case EditList.Failure.syntax(let error): self.init(error)
    case EditList.Failure.edit(let error): self.init(error)
    default: self.init(RS_ERR_INTERNAL, "internal", "\(error)")
    }
  }

  private init(_ error: StoreError) {
    self.init(Self.status(of: error.code), error.code.rawValue, error.message, hint: error.hint)
    findings = error.findings
    if let edit = error.editError {
      self.edit = edit
      code = edit.code.rawValue
    }
  }

  private init(_ error: EditError) {
    var plain = error
    plain.hint = nil
    plain.findings = []
    self.init(RS_ERR_EDIT, error.code.rawValue, plain.description, hint: error.hint)
    findings = error.findings
    edit = error
  }

  private init(_ error: SyntaxError) {
    let name = error.file.isEmpty ? "the text" : "`\(error.file)`"
    let count = error.findings.count
    self.init(
      RS_ERR_SYNTAX, error.findings.first?.code.rawValue ?? "syntax",
      count == 1 ? "\(name) is not valid" : "\(name) is not valid: \(count) findings")
    file = error.file
    findings = error.findings
  }

  private static func status(of code: StoreError.Code) -> Int {
    switch code {
    case .notARepository, .notFound, .unborn: RS_ERR_NOT_FOUND
    case .exists: RS_ERR_EXISTS
    case .ambiguous, .invalidName: RS_ERR_NAME
    case .refused, .bare: RS_ERR_REFUSED
    case .contended: RS_ERR_CONTENDED
    case .dirty: RS_ERR_DIRTY
    case .nothingToCommit: RS_ERR_NOTHING
    case .invalidDocument, .notReplayable: RS_ERR_DOCUMENT
    case .noIdentity: RS_ERR_ARGUMENT
    case .edits: RS_ERR_EDIT
    case .unfitSettlement, .nothingToSettle, .fileConflict, .unfinishedMerge: RS_ERR_MERGE
    case .corrupt: RS_ERR_CORRUPT
    case .tooLarge: RS_ERR_LIMIT
    case .io: RS_ERR_IO
    case .transport: RS_ERR_TRANSPORT
    default: RS_ERR_GIT
    }
  }

  /// The sentence, what is wrong in particular, and what to do.
  var text: String {
    var text = message
    for finding in findings.prefix(20) { text += "\n  \(finding)" }
    if findings.count > 20 { text += "\n  and \(findings.count - 20) more" }
    if let hint { text += " (\(hint))" }
    return text
  }

  var json: JSONValue {
    [
      "status": .integer(Int(status)), "name": .string(StatusName.text(status)),
      "code": .string(code), "message": .string(message),
      "hint": hint.map { .string($0) } ?? .null,
      "criterion": edit?.criterion.map { .string($0.rawValue) } ?? .null,
      "field": edit?.field.map { .string($0) } ?? .null,
      "edit": edit?.index.map { .integer($0) } ?? .null,
      "findings": .array(
        findings.map { finding in
          var object = JSONObject([("file", .string(file))])
          for member in finding.json.object?.members ?? [] { object[member.key] = member.value }
          return .object(object)
        }),
    ]
  }
}

/// The words for statuses.
enum StatusName {
  private static let texts = [
    "ok", "argument", "handle", "abi", "not_found", "exists", "name", "syntax", "document", "edit",
    "nothing", "merge", "contended", "dirty", "refused", "corrupt", "limit", "io", "transport",
    "proposal", "git", "internal",
  ]

  static func text(_ status: rs_status) -> String {
    let index = Int(status)
    return texts.indices.contains(index) ? texts[index] : "unknown"
  }
}
