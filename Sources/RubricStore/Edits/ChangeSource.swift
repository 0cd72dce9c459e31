/// The commit whose edits a commit makes again, or undoes.
///
/// - SeeAlso: SPEC.md §7.2.
public struct ChangeSource: Hashable, Sendable {
  /// What is done with the edits of the other commit.
  public enum Kind: String, CaseIterable, Hashable, Sendable {
    /// They are made again.
    case picked
    /// They are undone.
    case reverts
  }

  /// What is done with the edits.
  public var kind: Kind
  /// The other commit.
  public var commit: ObjectID
  /// The numbers of its edits, counted from 1 and rising; empty for all of them.
  public var edits: [Int]

  /// Creates a source.
  public init(_ kind: Kind, _ commit: ObjectID, edits: [Int] = []) {
    self.kind = kind
    self.commit = commit
    self.edits = edits
  }
}

extension ChangeSource.Kind {
  /// The key of the trailer that says it.
  var trailerKey: String {
    switch self {
    case .picked: "Rubric-Picked-From"
    case .reverts: "Rubric-Reverts"
    }
  }
}

extension ChangeSource {
  /// The value of the trailer: the full hash, and the numbers of the edits where they are not all.
  var trailerValue: String { ([commit.hex] + edits.map(String.init)).joined(separator: " ") }

  /// Reads a trailer's value; nil where it does not begin with a full hash, or a number is none.
  init?(_ kind: Kind, trailerValue: some StringProtocol) {
    let words = trailerValue.split(separator: " ")
    guard let first = words.first, let commit = ObjectID(hex: first) else { return nil }
    let edits = words.dropFirst().map { Int($0) ?? 0 }
    guard edits.allSatisfy({ $0 > 0 }) else { return nil }
    self.init(kind, commit, edits: edits)
  }
}
