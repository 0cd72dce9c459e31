extension TemplateKind {
  /// What a model that proposes edits is asked with.
  static let proposing: [TemplateKind] = []
}
