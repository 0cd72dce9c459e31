extension Merging {
  /// The three orders of a group or a scale, and what is in the result.
  struct Orders<Key: Hashable & NodeCodable> {
    var base: [Key]
    var ours: [Key]
    var theirs: [Key]
    var kept: Set<Key>
    /// Which of two items that both sides put at one place comes first.
    var precedes: (Key, Key) -> Bool

    /// The merged order, taken from one version where both sides moved one item.
    func merged(preferring preferred: MergePreference) -> OrderMerge<Key> {
      OrderMerge(
        base: base, ours: ours, theirs: theirs, kept: kept, preferred: preferred,
        precedes: precedes)
    }
  }

  /// Decides an order.
  ///
  /// - Parameters:
  ///   - path: Where it is.
  ///   - orders: The three orders.
  ///   - message: What a conflict is.
  ///   - involved: The criteria that are put in order.
  /// - Returns: What is kept, in order.
  /// - Throws: ``MergeError`` for a settlement that is no order of what is kept.
  mutating func order<Key>(
    _ path: MergePath, _ orders: Orders<Key>, message: String, involved: [CriterionID]
  ) throws(MergeError) -> [Key] {
    let merge = orders.merged(preferring: preferred)
    let values = MergeValues(
      base: orders.base.written, ours: orders.ours.written, theirs: orders.theirs.written)
    guard merge.isConflict else {
      guard let rule = settlements.specific(path) else { return merge.order }
      let order = try Self.order(rule, orders, path)
      if order != merge.order { record(path, nil, rule, values, order.written) }
      return order
    }
    let pending = PendingConflict(
      code: .bothChanged, path: path, values: values, message: message,
      rules: [.ours, .theirs, .base], takesValue: true, involved: involved)
    var problem: MergeError?
    let choice: [Key]?
    do throws(MergeError) {
      choice = try settle(
        pending,
        choose: { rule -> [Key]? in
          do throws(MergeError) { return try Self.order(rule, orders, path) } catch {
            problem = error
            return nil
          }
        }, written: { $0.written })
    } catch {
      throw problem ?? error
    }
    return choice ?? merge.order
  }

  /// The order that a rule gives.
  private static func order<Key>(
    _ rule: Settlement.Rule, _ orders: Orders<Key>, _ path: MergePath
  ) throws(MergeError) -> [Key] {
    switch rule {
    case .ours: return orders.merged(preferring: .ours).order
    case .theirs: return orders.merged(preferring: .theirs).order
    case .base: return orders.merged(preferring: .base).order
    case .value(let json):
      if let order = try? [Key].settled(json, at: path), order.count == orders.kept.count,
        Set(order) == orders.kept
      {
        return order
      }
    case .mean, .union, .strictest: break
    }
    // As the merge has them, so that the list can be taken and changed.
    let all = orders.merged(preferring: .base).order.written.jsonText
    throw MergeError(
      .unfitSettlement, at: path,
      "`\(path)` takes ours, theirs, base, or a list of all that is there in order",
      hint: "now it is \(NodeReader.quote(all))")
  }
}
