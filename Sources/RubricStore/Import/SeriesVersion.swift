/// One file of a series, read, with the ids that its importer gave.
struct SeriesVersion {
  var name: String
  var format: ImportFormat?
  var rubric: Rubric
  var notes: [ImportNote] = []
  /// The criteria in the order of the document, groups before what is in them.
  var criteria: [Criterion]
  private var source: (bytes: [UInt8], source: Rubric.Source)?

  init(
    _ file: Series.File, id: RubricID, format: ImportFormat?, isDocument: Bool, repairIDs: Bool,
    keepsID: Bool
  ) throws(SyntaxError) {
    name = file.name
    self.format = isDocument ? nil : format ?? Importer.detect(file.text)
    if let format = self.format {
      let result = try Importer.rubric(
        from: file.text, format: format, name: file.name, id: id, repairIDs: repairIDs)
      rubric = result.rubric
      notes = result.notes
    } else {
      let source = try Rubric.source(file.text, file: file.name)
      rubric = source.rubric
      if !keepsID { rubric.id = id }
      self.source = (file.text, source)
    }
    criteria = rubric.criteria.flattened
  }

  /// Whether the file itself says which id a criterion has.
  var hasOwnIDs: Bool { format != .mpo }

  /// The file as it is stored: in its own layout where it is a document of ours.
  func text(of rubric: Rubric) -> [UInt8] {
    if let source, let text = try? Rubric.rewritten(source.bytes, source.source, as: rubric) {
      return text
    }
    return Array(rubric.canonicalText.utf8)
  }

  /// The rubric with other ids, in the order of ``criteria``.
  func rubric(withIDs ids: [CriterionID]) -> Rubric {
    var result = rubric
    var next = 0
    func renamed(_ criterion: Criterion) -> Criterion {
      var criterion = criterion
      criterion.id = ids[next]
      next += 1
      criterion.criteria = criterion.criteria.map(renamed)
      return criterion
    }
    result.criteria = rubric.criteria.map(renamed)
    // Of the importers only MPO's keeps ids of criteria outside of them.
    guard format == .mpo, var kept = rubric.ext["mpo"]?.object,
      let gaps = kept["gaps"]?.object
    else { return result }
    let new = Dictionary(
      zip(criteria.map(\.id.rawValue), ids.map(\.rawValue)), uniquingKeysWith: { first, _ in first }
    )
    var renamedGaps = JSONObject()
    for member in gaps.members {
      renamedGaps.append(new[member.key] ?? member.key, member.value)
    }
    kept["gaps"] = .object(renamedGaps)
    result.ext = Extensions([("mpo", .object(kept))].asObject)
    return result
  }

  /// Takes what the format cannot say from the version before.
  ///
  /// A file that has no weights does not say that they are 1.
  func keepingUnsaid(_ rubric: Rubric, from old: Rubric) -> Rubric {
    guard let format else { return rubric }
    let before = Dictionary(
      old.criteria.flattened.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    func kept(_ criterion: Criterion) -> Criterion {
      var criterion = criterion
      criterion.criteria = criterion.criteria.map(kept)
      guard let old = before[criterion.id] else { return criterion }
      if format == .mpo {
        criterion.weight = old.weight
        criterion.tags = old.tags
        // Only a title says that points are taken away.
        if old.title.isVerbatim(criterion.title) { criterion.direction = old.direction }
      }
      criterion.status = old.status
      criterion.pinned = old.pinned
      criterion.origin = old.origin
      criterion.ext = Self.kept(old.ext, criterion.ext, format)
      // A group has none of these, and a criterion that became one loses them.
      guard !criterion.isGroup else {
        if old.isGroup { criterion.rollup = old.rollup }
        return criterion
      }
      criterion.gate = old.gate
      criterion.appliesWhen = old.appliesWhen
      return criterion
    }
    var result = rubric
    result.title = old.title
    result.description = old.description
    result.subject = old.subject
    result.judge = old.judge
    result.aggregation = old.aggregation
    result.budget = old.budget
    result.ext = Self.kept(old.ext, rubric.ext, format)
    result.criteria = rubric.criteria.map(kept)
    return result
  }

  /// The members of `new` under the format's own key, and those of `old` under all others.
  private static func kept(
    _ old: Extensions, _ new: Extensions, _ format: ImportFormat
  ) -> Extensions {
    var object = JSONObject()
    for member in old.members.members where member.key != format.rawValue {
      object.append(member.key, member.value)
    }
    if let own = new[format.rawValue] { object[format.rawValue] = own }
    return Extensions(object)
  }
}

extension [Criterion] {
  /// Each criterion, groups before what is in them.
  var flattened: [Criterion] {
    var result: [Criterion] = []
    var pending = Array(reversed())
    while let item = pending.popLast() {
      result.append(item)
      pending.append(contentsOf: item.criteria.reversed())
    }
    return result
  }
}
