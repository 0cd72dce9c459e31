import ArgumentParser
import RubricStore

struct Add: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Add a criterion or a group",
    discussion: """
      It comes last at the top level, unless --in, --after or --first say otherwise.

      Examples:
        rubricctl add facts --text "Is it true?" --scale 0-5 --because "made up"
        rubricctl add lists --in style --negative --text "Bullet lists?" --because "padding"
      """)

  @Argument(help: "The id of the new criterion") var id: CriterionID

  @Option(help: "What is judged, in words") var text = ""

  @Option(help: "A short name that the judge sees") var title = ""

  @Option(help: "How much it counts relative to its siblings") var weight: Double = 1

  @Option(help: ArgumentHelp(stringLiteral: "The verdicts: " + ScaleArgument.help)) var scale:
    ScaleArgument?

  @Option(help: ArgumentHelp("A level of the scale (can be repeated)", valueName: "value=text"))
  var level: [LevelArgument] = []

  @Option(help: ArgumentHelp("A reason to score lower (can be repeated)", valueName: "reason"))
  var lowerWhen: [String] = []

  @Option(help: ArgumentHelp(stringLiteral: "A gate: " + GateArgument.help)) var gate: GateArgument?

  @Flag(help: "Meeting it is bad") var negative = false

  @Option(help: "How a negative criterion counts: penalty or avoidance") var credit:
    Criterion.Credit?

  @Option(help: ArgumentHelp("A label (can be repeated)", valueName: "tag")) var tag: [String] = []

  @Option(
    help: ArgumentHelp("Read the criterion, or a whole group, from a YAML file", valueName: "file"))
  var from: String?

  @OptionGroup(title: "Place") var place: PlaceOptions

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    var criterion = Criterion(id: id, title: title, text: text, weight: weight)
    if let from {
      criterion = try Criterion(parsing: FileInput.read(from), file: from)
      guard criterion.id == id else {
        throw InputError("`\(from)` holds the criterion `\(criterion.id)`, not `\(id)`")
      }
    } else {
      let levels = level.map { Level(value: $0.value, text: $0.text) }
      switch scale?.scale {
      case .numeric(let range, _)?: criterion.scale = .numeric(range, levels: levels)
      case .binary?: criterion.scale = .binary
      case .levels?, nil: criterion.scale = levels.isEmpty ? .binary : .levels(levels)
      }
      criterion.lowerWhen = lowerWhen
      criterion.gate = gate?.gate
      criterion.polarity = negative || credit != nil ? .negative : .positive
      criterion.credit = credit ?? .penalty
      criterion.tags = tag
      criterion.origin = edit.author.author == .meta ? .meta : .human
    }
    return .add(PlacedCriterion(criterion, at: try place.place(on: rubric)))
  }
}

struct Remove: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Remove a criterion, or a group with all that is in it")

  @Argument(help: "The criterion") var id: CriterionID

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    .remove(PlacedCriterion(try rubric.find(id), at: try rubric.place(of: id)))
  }
}

struct Move: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put a criterion elsewhere",
    discussion: """
      It stays in its group, unless --in, --after or --top say otherwise.
      """)

  @Argument(help: "The criterion") var id: CriterionID

  @OptionGroup(title: "Place") var place: PlaceOptions

  @Flag(help: "Put it at the top level") var top = false

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if top, place.parent != nil { throw ValidationError("--top and --in exclude each other") }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let before = try rubric.place(of: id)
    let standard = top ? nil : before.parent
    let after = try place.place(on: rubric, moving: id, standard: standard)
    return .move(id, Delta(before: before, after: after))
  }
}

struct Reorder: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Put all criteria of a group, or of the top level, in another order")

  @Argument(help: "All ids of the group, in the new order") var order: [CriterionID]

  @Option(name: .customLong("in"), help: "The group; the top level if left out") var group:
    CriterionID?

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func change(on rubric: Rubric) throws -> Edit.Change {
    let before = try rubric.siblings(in: group).map(\.id)
    return .reorder(group, Delta(before: before, after: order))
  }
}

struct Rename: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Give a criterion, or the rubric, another title",
    discussion: """
      Give the criterion and its new title, or the rubric's new title alone. Ids never change.
      """)

  @Argument(help: ArgumentHelp("The criterion; left out for the rubric", valueName: "id"))
  var words: [String]

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (1...2).contains(words.count) else { throw ValidationError("give an id and a title") }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let title = words.last ?? ""
    if words.count == 1, let id = CriterionID(rawValue: title), (try? rubric.find(id)) != nil {
      throw InputError(
        "`\(title)` is a criterion, and its new title is missing",
        hint: "rubricctl rename \(title) TITLE")
    }
    guard words.count == 2 else {
      return .rename(nil, Delta(before: rubric.title, after: title))
    }
    guard let id = CriterionID(rawValue: words[0]) else {
      throw InputError("`\(words[0])` is no criterion id")
    }
    return .rename(id, Delta(before: try rubric.find(id).title, after: title))
  }
}

struct Reword: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Word a criterion in another way")

  @Argument(help: "The criterion") var id: CriterionID

  @Option(help: "The new text") var text: String?

  @Option(help: ArgumentHelp("Read the new text from a file", valueName: "file")) var file: String?

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard (text == nil) != (file == nil) else { throw ValidationError("give --text or --file") }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let item = try rubric.find(id)
    let new = try text ?? file.map { try FileInput.text($0) } ?? ""
    return .reword(id, Delta(before: Wording(text: item.text), after: Wording(text: new)))
  }
}

struct Split: EditCommand {
  static let configuration = CommandConfiguration(
    abstract: "Replace a criterion by two or more",
    discussion: """
      The parts take the criterion's place, share its weight equally, and have its scale, polarity \
      and tags. `rubricctl apply` says it in every detail.
      """)

  @Argument(help: "The criterion") var id: CriterionID

  @Option(help: ArgumentHelp("A new criterion (can be repeated)", valueName: "id=text"))
  var into: [String]

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard into.count >= 2 else { throw ValidationError("give --into twice or more") }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let old = try rubric.find(id)
    var place = try rubric.place(of: id)
    let before = [PlacedCriterion(old, at: place)]
    var after: [PlacedCriterion] = []
    for part in into {
      guard let sign = part.firstIndex(of: "="),
        let id = CriterionID(rawValue: String(part[..<sign]))
      else { throw InputError("`\(part)` is not an id and a text", hint: "write id=text") }
      // The parts share what the whole counted; the rest they have from it.
      var new = old
      new = Criterion(
        id: id, text: String(part[part.index(after: sign)...]),
        weight: old.weight / Double(into.count))
      new.scale = old.scale.with(levels: [])
      if case .levels = old.scale { new.scale = old.scale }
      new.polarity = old.polarity
      new.credit = old.credit
      new.status = old.status
      new.tags = old.tags
      new.origin = edit.author.author == .meta ? .meta : .human
      after.append(PlacedCriterion(new, at: place))
      place.follows = id
    }
    return .split(before: before, after: after)
  }
}

struct MergeCriteria: EditCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge-criteria",
    abstract: "Replace several criteria by one",
    discussion: """
      It stands where the first of them stood, has the first one's scale and polarity, and the sum \
      of their weights.
      """)

  @Argument(help: "The criteria") var ids: [CriterionID]

  @Option(help: "The id of the one; it may be one of theirs") var into: CriterionID

  @Option(help: "What it judges, in words") var text: String

  @Option(help: "Its title") var title = ""

  @OptionGroup(title: "Edit") var edit: EditOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard ids.count >= 2 else { throw ValidationError("name two criteria or more") }
  }

  func change(on rubric: Rubric) throws -> Edit.Change {
    let old = try ids.map { PlacedCriterion(try rubric.find($0), at: try rubric.place(of: $0)) }
    guard let first = old.first else { throw InputError("no criteria are named") }
    var new = Criterion(
      id: into, title: title, text: text, weight: old.reduce(0) { $0 + $1.criterion.weight })
    new.scale = first.criterion.scale
    new.polarity = first.criterion.polarity
    new.credit = first.criterion.credit
    new.origin = edit.author.author == .meta ? .meta : .human
    // It follows what stays.
    let siblings = try rubric.siblings(in: first.place.parent).map(\.id)
    let stays = siblings.prefix { $0 != first.criterion.id }.last { !ids.contains($0) }
    let place = Place(parent: first.place.parent, follows: stays)
    let order = rubric.order
    let before = old.sorted {
      order.firstIndex(of: $0.criterion.id) ?? 0 < order.firstIndex(of: $1.criterion.id) ?? 0
    }
    return .mergeCriteria(before: before, after: [PlacedCriterion(new, at: place)])
  }
}

extension Rubric {
  /// The ids in the order of the document.
  fileprivate var order: [CriterionID] { criteria.flatMap(\.order) }
}

extension Criterion {
  fileprivate var order: [CriterionID] { [id] + criteria.flatMap(\.order) }
}

extension Criterion.Credit: ExpressibleByArgument {}
