extension Evidence {
  /// The evidence as a proposer gets it: without the rollouts that are held out.
  ///
  /// Counts over all records stay as they are.
  ///
  /// - Parameter share: As of ``split(holdout:)``.
  /// - Returns: The evidence with the training part for its sample.
  public func withoutHeldOut(_ share: Double) -> Evidence {
    let (training, heldOut) = split(holdout: share)
    var copy = self
    copy.sample = training
    copy.heldOut += heldOut.count
    return copy
  }

  /// Parts the sample into what proposers may learn from and what agreement is measured on.
  ///
  /// A rollout is held out exactly if it has a trusted score and its ``SampledRollout/position`` is
  /// below `share`: its name decides, so that the split is the same whoever makes it, and whatever
  /// else is in the evidence.
  ///
  /// - Parameter share: The share of rollouts with a trusted score to hold out, 0 to 1.
  /// - Returns: Both parts, each in the order of the sample.
  /// - Complexity: O(*n*) in the size of the sample.
  public func split(
    holdout share: Double
  ) -> (training: [SampledRollout], heldOut: [SampledRollout]) {
    var training: [SampledRollout] = []
    var heldOut: [SampledRollout] = []
    for rollout in sample {
      if rollout.gold != nil, rollout.position < share {
        heldOut.append(rollout)
      } else {
        training.append(rollout)
      }
    }
    return (training, heldOut)
  }
}
