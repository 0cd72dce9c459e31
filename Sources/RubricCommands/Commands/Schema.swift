import ArgumentParser
import RubricStore

struct Schema: Performing {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case rubric, edits, verdicts
  }

  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of rubrics, of edits, or of verdicts",
    discussion: """
      The schemas are made from the program's own types. Editors that know YAML check rubric files \
      by the first; the second is what `apply` reads; the third is a line of what `score` reads.
      """)

  @Argument(help: "rubric, edits, or verdicts")
  var kind: Kind

  @OptionGroup(title: "Output") var output: OutputOptions

  func perform(_ terminal: Terminal) throws -> Int32 {
    let schema =
      switch kind {
      case .rubric: DocumentSchema.rubric
      case .edits: DocumentSchema.edits
      case .verdicts: Judgement.schema
      }
    terminal.line(output.json ? schema.jsonText : schema.indentedText)
    return 0
  }
}
