import RubricStore
import Testing

/// What the laws rest on: that the generator makes valid rubrics, of every kind.
@Suite struct GeneratorTests {
  @Test func rubricsAndMutantsAreValid() throws {
    var changed = 0
    try forAll { make in
      let rubric = make.rubric()
      try #require(rubric.findings.isEmpty, "\(rubric.findings)")
      let mutant = make.mutant(of: rubric)
      try #require(mutant.findings.isEmpty, "\(mutant.findings)")
      try #require(mutant.id == rubric.id)
      if mutant != rubric { changed += 1 }
    }
    #expect(changed > Cases.count / 2)
  }

  @Test func everyFieldOccursAtAndOffItsDefault() throws {
    var keys: [String: Int] = [:]
    var deepest = 0
    try forAll { make in
      let rubric = make.rubric()
      for member in rubric.json.object?.members ?? [] { keys[member.key, default: 0] += 1 }
      for path in rubric.paths {
        deepest = max(deepest, path.count)
        for member in rubric[path].written.object?.members ?? [] {
          keys["criterion." + member.key, default: 0] += 1
        }
      }
    }
    for field in Rubric.fields {
      #expect(keys[field.key] ?? 0 > 50 || Cases.count < 2000, "\(field.key)")
    }
    for field in Criterion.fields {
      #expect(keys["criterion." + field.key] ?? 0 > 50 || Cases.count < 2000, "\(field.key)")
    }
    #expect(deepest == Limits.criterionDepth || Cases.count < 2000)
  }
}
