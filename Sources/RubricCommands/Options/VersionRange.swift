import RubricStore

/// Two versions of a rubric, as `A..B` names them.
struct VersionRange {
  var old: Pin
  var new: Pin
}

extension Store {
  /// Pulls what `RUBRIC@A..B` names: `A..` and `A` go up to HEAD, `..B` starts there.
  ///
  /// - Throws: `InputError` for three dots, or `StoreError`.
  func range(_ text: String) throws -> VersionRange {
    let (left, right) = try split(text)
    let first = left.isEmpty ? RubricRevision() : try revision(left)
    var second = RubricRevision(rubric: first.rubric)
    if let at = right.firstIndex(of: "@"), !right[at...].hasPrefix("@{") {
      second = try revision(right)
      second.rubric = second.rubric ?? first.rubric
    } else if !right.isEmpty {
      second.revision = right
    }
    let old = try pull(first.rubric ?? second.rubric, at: first.revision)
    let new = try pull(second.rubric ?? old.rubric.id, at: second.revision)
    return VersionRange(old: old, new: new)
  }

  private func split(_ text: String) throws -> (left: String, right: String) {
    // An id may hold two dots; a revision cannot.
    let start = text.firstIndex(of: "@") ?? text.startIndex
    guard let dots = text[start...].firstRange(of: ".."),
      try start > text.startIndex || !rubrics().contains(where: { $0.rawValue == text })
    else { return (text, "") }
    guard !text[dots.upperBound...].hasPrefix(".") else {
      throw InputError(
        "`\(text)` has three dots", hint: "two versions are compared as they are: A..B")
    }
    return (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
  }
}
