/// Something about an edit that was made on another version than it was made for.
public struct TransplantNote: Hashable, Sendable {
  /// What kind of thing happened.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// What it was to follow is not there, so that it came last in its group.
    case placedLast = "placed_last"
    /// What the edit leaves was there already, so that nothing was done.
    case alreadyThere = "already_there"
  }

  /// What happened.
  public var kind: Kind
  /// The number of the edit in its commit, counted from 1.
  public var edit: Int
  /// The criterion, where it is about one.
  public var criterion: CriterionID?
  /// What happened, in one sentence without a full stop.
  public var message: String
}
