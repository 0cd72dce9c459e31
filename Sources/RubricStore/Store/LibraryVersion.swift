/// The version of this library.
public enum LibraryVersion {
  /// The version by semver.org; it stands in the stamps of rewards.
  public static let current = "0.1.0"
}
