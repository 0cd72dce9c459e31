extension CompiledRubric {
  /// What a judge answered about one criterion, or that it did not.
  enum Cell {
    case value(Double)
    case notApplicable, error, missing
  }

  /// Why there is no reward; the numbers are those of the C ABI.
  enum Fault: UInt8 {
    case missing = 1
    case judgeError, notApplicable, invalidValue, zeroDenominator, notFinite, invalidRubric

    var code: Unscorable.Code {
      switch self {
      case .missing: .missing
      case .judgeError: .judgeError
      case .notApplicable: .notApplicable
      case .invalidValue: .invalidValue
      case .zeroDenominator: .zeroDenominator
      case .notFinite: .notFinite
      case .invalidRubric: .invalidRubric
      }
    }
  }

  /// What a verdict, or a group's children, came to.
  struct Slot {
    var treatment = Treatment.inactive
    /// The verdict that counts or is compared with a gate, in its scale.
    var verdict: Double?
    /// What the node offers its parent.
    var value: Double?
    var cause: MissingVerdict.Cause?
  }

  /// The children of a group, added up so far.
  struct Sum {
    var weighted = 0.0
    var weight = 0.0
    var count = 0
    /// The least or greatest child so far, and where it stands.
    var extreme = 0.0
    var pick = -1

    /// The value of the group, or nil where nothing of it counts.
    func value(_ combination: Combination) -> Double? {
      guard count > 0 else { return nil }
      switch combination {
      case .weightedMean, .pointsOverPositive: return weight > 0 ? weighted / weight : nil
      case .sum: return weighted
      case .min, .max: return extreme
      }
    }

    mutating func add(_ value: Double, _ node: Node, at index: Int, to combination: Combination) {
      weighted += node.weight * value
      if combination != .pointsOverPositive || node.canEarn { weight += node.weight }
      let isFurther = combination == .min ? value < extreme : value > extreme
      if count == 0 || isFurther { (extreme, pick) = (value, index) }
      count += 1
    }
  }

  /// What the nodes of a rubric came to, by their index; made once for many judgements.
  struct Board {
    var slots: [Slot]
    var sums: [Sum]

    init(_ count: Int) {
      slots = Array(repeating: Slot(), count: count)
      sums = Array(repeating: Sum(), count: count)
    }
  }

  /// Settles every node from what was answered.
  ///
  /// - Parameters:
  ///   - board: A place for each node; what it held is forgotten.
  ///   - cell: What was answered about the criterion of an index.
  ///   - refuse: Called with each verdict that makes the judgement unscorable, in the order of the
  ///     document.
  /// - Returns: The value of the whole; nil where nothing counts.
  /// - Complexity: O(*n*) in the number of criteria and groups.
  @inline(__always)
  func fill(
    _ board: inout Board, cell: (Int) -> Cell, refuse: (Fault, Int) -> Void
  ) -> Double? {
    for index in nodes.indices {
      board.slots[index] = Slot()
      board.sums[index] = Sum()
    }
    for index in order {
      let node = nodes[index]
      if node.status != .inactive {
        if let combination = node.combination {
          let value = board.sums[index].value(combination)
          board.slots[index].value = value
          board.slots[index].treatment =
            node.status == .diagnostic ? .diagnostic : value == nil ? .excluded : .counted
        } else if let fault = settle(node, cell(index), &board.slots[index]) {
          refuse(fault, index)
        }
      }
      if node.joins, node.parent >= 0, let value = board.slots[index].value,
        let combination = nodes[node.parent].combination
      {
        board.sums[node.parent].add(value, node, at: index, to: combination)
      }
    }
    return board.slots[0].value
  }

  /// What is wrong with the value of the whole.
  func fault(of raw: Double?) -> Fault? {
    guard let raw else { return .zeroDenominator }
    return raw.isFinite ? nil : .notFinite
  }

  /// Decides what the answer for a judged criterion counts as.
  private func settle(_ node: Node, _ cell: Cell, _ slot: inout Slot) -> Fault? {
    var fault: Fault?
    slot.treatment = .excluded
    switch cell {
    case .value(let value):
      if admits(value, node) {
        (slot.treatment, slot.verdict) = (.counted, value)
      } else if node.matters {
        fault = .invalidValue
      }
    case .notApplicable:
      slot.cause = .notApplicable
      guard node.matters else { break }
      switch aggregation.na {
      case .exclude: break
      case .zero: (slot.treatment, slot.value) = (.zero, 0)
      case .fail: fault = .notApplicable
      }
    case .error, .missing:
      var isError = false
      if case .error = cell { isError = true }
      slot.cause = isError ? .error : .missing
      guard node.matters else { break }
      switch aggregation.missing {
      case .exclude: break
      case .worst: (slot.treatment, slot.verdict) = (.worst, node.worst)
      case .error: fault = isError ? .judgeError : .missing
      }
    }
    if fault != nil { slot.treatment = .refused }
    if let verdict = slot.verdict { slot.value = node.oriented(verdict) }
    if node.status == .diagnostic, slot.treatment != .refused { slot.treatment = .diagnostic }
    return fault
  }
}
