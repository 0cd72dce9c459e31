import ArgumentParser
import RubricStore

/// What every edit takes.
struct EditOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Why; it is recorded with the edit", valueName: "why"))
  var because: String

  @Option(
    help: ArgumentHelp("What it rests on: a rollout, a report (can be repeated)", valueName: "name")
  )
  var evidence: [String] = []

  @Option(help: ArgumentHelp("The rubric; may be left out where there is one", valueName: "id"))
  var rubric: RubricID?

  @Flag(
    name: [.customShort("n"), .customLong("dry-run")], help: "Only show what would be committed")
  var dryRun = false

  @OptionGroup var author: AuthorOptions

  func validate() throws {
    guard because.contains(where: { !$0.isWhitespace }) else {
      throw ValidationError("--because needs a reason: it is what a later reader asks for")
    }
  }
}

/// A command that makes one typed edit and commits it.
protocol EditCommand: Performing {
  var edit: EditOptions { get }
  var store: StoreOptions { get }

  /// The change that the command asks for, on the rubric as it is.
  func change(on rubric: Rubric) throws -> Edit.Change
}

extension EditCommand {
  var directory: String? { store.directory }

  func perform(_ terminal: Terminal) throws -> Int32 {
    let store = try store.open()
    let pin = try store.pull(edit.rubric, at: edit.author.branch ?? "HEAD")
    let made = Edit(
      try change(on: pin.rubric), rationale: edit.because, evidence: edit.evidence)
    let update = MetaUpdate(
      rubric: pin.rubric.id, edits: [made], proposer: edit.author.proposer)
    return try terminal.commit(
      update, on: pin, in: store, branch: edit.author.branch, dryRun: edit.dryRun,
      isJSON: output.json)
  }
}

extension Rubric {
  /// Where a criterion stands.
  func place(of id: CriterionID) throws -> Place {
    _ = try find(id)
    return place(of: id, among: criteria, in: nil) ?? Place()
  }

  private func place(
    of id: CriterionID, among siblings: [Criterion], in parent: CriterionID?
  )
    -> Place?
  {
    for (index, sibling) in siblings.enumerated() {
      if sibling.id == id {
        return Place(parent: parent, follows: index == 0 ? nil : siblings[index - 1].id)
      }
      if let place = place(of: id, among: sibling.criteria, in: sibling.id) { return place }
    }
    return nil
  }

  /// The criteria of a group, or of the top level.
  func siblings(in parent: CriterionID?) throws -> [Criterion] {
    try parent.map { try find($0).criteria } ?? criteria
  }
}

/// Where a criterion is to stand.
struct PlaceOptions: ParsableArguments {
  @Option(name: .customLong("in"), help: ArgumentHelp("The group to put it in", valueName: "group"))
  var parent: CriterionID?

  @Option(
    help: ArgumentHelp("The sibling that it follows; the last one if left out", valueName: "id"))
  var after: CriterionID?

  @Flag(help: "Put it before its siblings")
  var first = false

  func validate() throws {
    if first, after != nil { throw ValidationError("--first and --after exclude each other") }
  }

  /// The place, in the group named or else in `standard`.
  func place(
    on rubric: Rubric, moving id: CriterionID? = nil, standard: CriterionID? = nil
  ) throws
    -> Place
  {
    let group = try parent ?? after.map { try rubric.place(of: $0).parent } ?? standard
    if first { return Place(parent: group) }
    if let after { return Place(parent: group, follows: after) }
    let last = try rubric.siblings(in: group).last { $0.id != id }
    return Place(parent: group, follows: last?.id)
  }
}
