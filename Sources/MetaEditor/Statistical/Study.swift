internal import RubricStore

/// What detectors look at.
struct Study: Sendable {
  let request: ProposalRequest
  let settings: StatisticalSettings
  let layout: RubricLayout
  let table: VerdictTable
  /// The rows with a trusted score.
  let goldRows: [Int]
  /// How many records with a trusted score are not looked at.
  let heldOut: Int
  /// The records that the table was made of.
  let training: [SampledRollout]

  init(_ request: ProposalRequest, settings: StatisticalSettings) {
    self.request = request
    self.settings = settings
    layout = RubricLayout(request.rubric)
    let split = request.evidence.split(holdout: request.policy.agreement.holdout)
    training = split.training
    heldOut = split.heldOut.count
    let criteria = layout.isJudgedByCriterion ? layout.leaves.map(\.criterion) : []
    let table = VerdictTable(
      split.training, criteria: criteria, isFatal: request.rubric.aggregation.na == .fail)
    self.table = table
    goldRows = table.rows.filter { table.gold.has($0) }
  }

  /// Whether enough rollouts have a trusted score.
  var hasGold: Bool { goldRows.count >= settings.rollouts }

  /// Whether the step of the training varies.
  var hasSteps: Bool { table.step.distinct > 1 }

  /// How sure each of several intervals is.
  func confidence(_ comparisons: Int) -> Confidence {
    Confidence(request.policy.evidence.confidence, comparisons: comparisons)
  }

  /// The criteria that have verdicts of their own and count.
  var counted: [Leaf] { layout.isJudgedByCriterion ? layout.leaves.filter(\.counts) : [] }

  /// The column of a criterion, where enough of `rows` have other verdicts than most have.
  func column(of leaf: Leaf, in rows: some Sequence<Int>) -> RankedColumn? {
    guard let column = table.ranked[leaf.id] else { return nil }
    return spreads(column, in: rows) ? column : nil
  }

  /// Whether enough of `rows` have other numbers than most have.
  func spreads(_ column: RankedColumn, in rows: some Sequence<Int>) -> Bool {
    let (mode, count) = column.modalCount(in: rows)
    return count >= settings.rollouts && count - mode >= settings.minority
  }

  /// The columns that hold the step still, where it varies.
  var heldStep: [RankedColumn] { hasSteps ? [table.step] : [] }

  /// What is held still, in words.
  func given(_ names: [String]) -> String {
    let names = names + (hasSteps ? ["step"] : [])
    guard let last = names.last else { return "" }
    let list = names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
    return ", given \(list),"
  }

  /// Whether a meta-update before named all of `ids`.
  func history(names ids: [CriterionID]) -> Bool {
    request.history.contains { line in
      let words = Set(
        line.utf8.split { byte in
          !((0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D
            || byte == 0x5F || byte == 0x2E)
        }.map { String(Substring($0)) })
      return ids.allSatisfy { words.contains($0.rawValue) }
    }
  }
}
