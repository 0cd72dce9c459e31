import ArgumentParser
import MetaEditor
import RubricStore

struct Schema: Performing {
  enum Kind: String, CaseIterable, ExpressibleByArgument {
    case rubric, edits, verdicts, evidence, policy
  }

  static let configuration = CommandConfiguration(
    abstract: "Print the JSON Schema of a format: rubrics, edits, verdicts, evidence, policies",
    discussion: """
      The schemas are made from the program's own types. Editors that know YAML check rubric files \
      by the first; the second is what `apply` reads; the third is a line of what `score` reads; the \
      fourth a line of graded rollouts; the fifth .rubric/policy.yaml.
      """)

  @Argument(help: "rubric, edits, verdicts, evidence, or policy")
  var kind: Kind

  @OptionGroup(title: "Output") var output: OutputOptions

  func perform(_ terminal: Terminal) throws -> Int32 {
    let schema =
      switch kind {
      case .rubric: DocumentSchema.rubric
      case .edits: DocumentSchema.edits
      case .verdicts: Judgement.schema
      case .evidence: GradedRollout.schema
      case .policy: Policy.jsonSchema
      }
    terminal.line(output.json ? schema.jsonText : schema.indentedText)
    return 0
  }
}
