internal import RubricStore

/// The options of making a rubric of another system's text.
struct ConvertOptions: Record {
  var format: ImportFormat?
  var id: RubricID?
  var name = ""
  var repairIDs = false

  init(blank: ()) {}
  static let recordName = "options object"
  static let fields: [RecordField<ConvertOptions>] = [
    .optional("format", \.format, default: nil, "The format; found from the text if left out."),
    .optional("id", \.id, default: nil, "The rubric's id; made from the name if left out."),
    .optional("name", \.name, default: "", "The file's name."),
    .optional(
      "repairIDs", \.repairIDs, default: false, "Whether ids that are repeated are replaced."),
  ]
}

extension ImportFormat: NodeWord {}
