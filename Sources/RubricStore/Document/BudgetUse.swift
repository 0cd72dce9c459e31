/// What a rubric uses of a budget.
package struct BudgetUse: Hashable, Sendable {
  /// The criteria that are judged.
  package var criteria: Int
  /// The deepest nesting; a top-level criterion is at depth 1.
  package var depth: Int
  /// The Unicode scalars that the judge reads of the rubric.
  package var characters: Int
}

extension Rubric {
  /// What the rubric uses of a budget, counted as validation counts it.
  ///
  /// - Complexity: O(*n*) in the size of the rubric.
  package var budgetUse: BudgetUse { Validation.use(of: self) }
}
