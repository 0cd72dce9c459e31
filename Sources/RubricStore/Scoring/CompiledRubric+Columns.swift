extension CompiledRubric {
  /// One column of a batch: a criterion that is judged.
  public struct Column: Hashable, Sendable {
    /// The criterion; under mode `holistic` the rubric's own id.
    public var id: CriterionID
    /// The lowest verdict of its scale.
    public var min: Double
    /// The highest verdict of its scale.
    public var max: Double
    /// Whether a higher verdict earns more.
    public var polarity: Criterion.Polarity
    /// What the document says, made stricter by the groups around it.
    public var status: Criterion.Status
    /// The groups that it is in, the outermost first.
    public var path: [CriterionID]
  }

  /// The criteria that a judge gives verdicts for, in the order of the document.
  ///
  /// - Complexity: O(*n*·*d*) in the number of criteria and their depth.
  public var columns: [Column] {
    nodes.indices.filter(isColumn).map { index in
      let node = nodes[index]
      var path: [CriterionID] = []
      var parent = node.parent
      while parent > 0 {
        path.append(ids[parent])
        parent = nodes[parent].parent
      }
      return Column(
        id: ids[index], min: node.low, max: node.high, polarity: node.polarity,
        status: node.status, path: path.reversed())
    }
  }

  func isColumn(_ index: Int) -> Bool {
    nodes[index].combination == nil && nodes[index].status != .inactive
  }
}
