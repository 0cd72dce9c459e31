/// How a conflict is to be settled: `essay/flow.weight=mean`.
///
/// - SeeAlso: SPEC.md §12.4.
public struct Settlement: Hashable, Sendable {
  /// What decides.
  public enum Rule: Hashable, Sendable {
    /// Our side's value.
    case ours
    /// Their side's value.
    case theirs
    /// The value that both sides started from.
    case base
    /// Half of the sum of two weights.
    case mean
    /// All that either side has added: two lists, or two texts that both only grew.
    case union
    /// Of two gates one that lets nothing pass that either would stop; of two lists of reasons to
    /// score lower their union.
    case strictest
    /// This value.
    case value(JSONValue)
  }

  /// The place as it was written: `essay/flow.weight`, `flow.weight`, or `*.weight` for every
  /// criterion.
  @Verbatim public var place: String
  /// What decides.
  public var rule: Rule

  /// Creates a settlement.
  public init(_ place: String, _ rule: Rule) {
    self.place = place
    self.rule = rule
  }

  /// Whether it is for every criterion.
  var isGeneral: Bool { place.hasPrefix("*.") || place.contains("/*.") }
}

extension Settlement {
  /// Reads `PLACE=RULE` or `PLACE=VALUE`.
  ///
  /// A value is JSON where it can be read as such, and otherwise text: `flow.weight=2`,
  /// `flow.title=Flow`, `flow.title="ours"` for the word itself.
  ///
  /// - Throws: ``MergeError`` with code ``MergeError/Code/invalidSettlement``.
  public init(parsing text: String) throws(MergeError) {
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
      throw MergeError(
        .invalidSettlement, "\(NodeReader.quote(text)) is no settlement",
        hint: "write PLACE=RULE, such as `flow.weight=mean`")
    }
    self.init(String(text[..<sign]), Rule(parsing: String(text[text.index(after: sign)...])))
  }
}

extension Settlement.Rule {
  /// The rules that have a name.
  public static let named: [Settlement.Rule] = [.ours, .theirs, .base, .mean, .union, .strictest]

  /// The rule's name; nil for a value.
  public var name: String? {
    switch self {
    case .ours: "ours"
    case .theirs: "theirs"
    case .base: "base"
    case .mean: "mean"
    case .union: "union"
    case .strictest: "strictest"
    case .value: nil
    }
  }

  /// The rule of that name.
  public init?(name: String) {
    guard let rule = Self.named.first(where: { $0.name == name }) else { return nil }
    self = rule
  }

  /// Reads the name of a rule, or else a value.
  public init(parsing text: String) {
    self =
      Self(name: text) ?? .value((try? JSONValue(parsing: text)) ?? .string(text))
  }
}

/// All settlements of a merge.
public struct Settlements: Hashable, Sendable {
  /// Those for places, a later one before an earlier of the same place.
  public var places: [Settlement]
  /// What decides wherever it can, the first that fits a conflict; none to leave conflicts.
  ///
  /// `[.mean, .union, .strictest]` is a rule for each kind of conflict.
  public var all: [Settlement.Rule]

  /// Creates settlements.
  public init(_ places: [Settlement] = [], all: [Settlement.Rule] = []) {
    self.places = places
    self.all = all
  }

  /// Whether there are none.
  public var isEmpty: Bool { places.isEmpty && all.isEmpty }
}
