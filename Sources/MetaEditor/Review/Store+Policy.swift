public import RubricStore

/// The policy of a commit.
public struct CommittedPolicy: Sendable {
  /// The commit that it was read from.
  public var commit: ObjectID
  /// The policy; everything at its default where the commit holds none.
  public var policy: Policy
  /// SHA-256 of the file, as 64 hexadecimal digits; nil where the commit holds none.
  public var digest: String?
}

extension Store {
  /// Returns the policy that a commit holds.
  ///
  /// What counts is what is committed, also where the work tree holds another file.
  ///
  /// - Parameter commit: The commit that a proposal is made for.
  /// - Returns: The policy, at its defaults where the commit holds none.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/invalidDocument`` and all that is wrong with
  ///   the file, or what reading the commit throws.
  public func policy(at commit: ObjectID) throws(StoreError) -> CommittedPolicy {
    guard let bytes = try file(Policy.path, at: commit) else {
      return CommittedPolicy(commit: commit, policy: Policy())
    }
    do throws(SyntaxError) {
      return CommittedPolicy(
        commit: commit, policy: try Policy(parsing: bytes, file: Policy.path),
        digest: SHA256.hex(bytes))
    } catch {
      throw StoreError(
        .invalidDocument, "`\(Policy.path)` at \(commit.prefix(12)) is not valid",
        hint: "mend it and commit it; `rubricctl policy check FILE` tells what is wrong",
        findings: error.findings)
    }
  }
}
