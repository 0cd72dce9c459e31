/// How a writer waits where others write too.
public enum CommitRetry {
  /// How often a commit is tried.
  public static let attempts = 100
  /// How often a lock is tried that is held for a moment only, and a work tree is looked at that
  /// another writer is bringing up to its commit.
  public static let shortAttempts = 20
  /// The longest wait between two tries, in milliseconds.
  public static let longestWait = 250.0
}

extension Store {
  /// Tries `body` until the branch is not moved under it; waits between tries, longer each time and
  /// never alike for two writers.
  func retrying<Result>(
    attempts: Int = CommitRetry.attempts, _ body: (_ retries: Int) throws(StoreError) -> Result
  ) throws(StoreError) -> Result {
    var longest = 1.0
    for attempt in 0..<attempts {
      do throws(StoreError) {
        return try body(attempt)
      } catch {
        if error.isTransient {
          guard attempt < CommitRetry.shortAttempts - 1 else { throw error }
        } else {
          guard error.code == .contended else { throw error }
          guard attempt < attempts - 1 else {
            throw StoreError(
              .contended,
              "the branch could not be moved in \(attempts) tries: " + error.message,
              hint: error.hint ?? "try again")
          }
        }
      }
      Clock.sleep(milliseconds: .random(in: 0...longest))
      longest = min(longest * 2, CommitRetry.longestWait)
    }
    throw StoreError(.contended, "the branch could not be moved", hint: "try again")
  }
}
