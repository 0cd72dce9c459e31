import ArgumentParser
import RubricStore

struct List: Performing {
  static let configuration = CommandConfiguration(abstract: "List the rubrics of a commit")

  @Argument(help: ArgumentHelp("The commit, as git names it", valueName: "rev"))
  var revision = "HEAD"

  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    for id in try store.rubrics(at: revision) {
      let rubric = try store.pull(id, at: revision).rubric
      let judged = rubric.judgedCriteria.count
      if output.json {
        terminal.json([
          "rubric": .string(id.rawValue), "title": .string(rubric.title),
          "judged": .integer(judged),
          "method": .string(rubric.aggregation.method.rawValue),
        ])
      } else {
        terminal.line(
          terminal.paint(id.rawValue, .id) + "\t\(judged) judged\t\(rubric.title)")
      }
    }
    return 0
  }
}
