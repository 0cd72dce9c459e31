/// The bounds on what is read; SPEC.md lists them.
public enum Limits {
  /// The largest text of a rubric, a list of edits or one line of verdicts, in bytes: 16 MiB.
  public static let textBytes = 16 * 1024 * 1024
  /// The deepest nesting of criteria: a top-level criterion is at depth 1.
  public static let criterionDepth = 64
  /// The most criteria and groups in one rubric.
  public static let criteria = 100_000
  /// The deepest nesting of mappings and sequences in a text, rubric or not.
  ///
  /// A criterion costs two levels (the list and the mapping); the rest is for the fields inside.
  public static let nodeDepth = 2 * criterionDepth + ext + 8
  /// The deepest nesting inside `ext`.
  public static let ext = 32
  /// The most nodes (scalars, sequences, mappings) in one text.
  public static let nodes = 8_000_000
  /// The longest id, in bytes.
  public static let idBytes = 128
  /// The longest key in `ext`, in bytes.
  public static let keyBytes = 256
  /// The most findings that are reported of one text.
  public static let findings = 1_000
  /// The most levels of one scale.
  public static let levels = 1_000
  /// The deepest that common ancestors of common ancestors are merged; git's own histories seldom
  /// reach three.
  public static let mergeBaseDepth = 16
}
