import Foundation
import RubricStore
import Testing

@Suite struct StoreReplayTests {
  private static var cases: Int { max(1, min(40, Cases.count / 50)) }

  /// Law 3 through the store: the parent's rubric and the edits that a commit records give its own
  /// canonical text, and git reads the same edits.
  @Test func everyCommitReplays() throws {
    try forAll(cases: Self.cases) { make in
      let sandbox = try GitSandbox(bare: true)
      let store = try sandbox.store()
      var rubric = make.rubric()
      let id = rubric.id
      var text = rubric.canonicalText
      try store.create(Array(text.utf8), rationale: make.prose(), author: Sample.author)
      var made: [[Edit]] = [[]]
      for number in 0..<6 {
        let proposer = MetaUpdate.Proposer(.human, name: make.prose())
        if make.random.chance(50) {
          let operation = make.random.pick(Edit.Operation.allCases)
          guard let step = try make.edited(by: operation, from: rubric),
            step.result != rubric || operation == .noChange
          else { continue }
          rubric = step.result
          let outcome = try store.commit(
            MetaUpdate(
              rubric: id, edits: [step.edit], rationale: make.prose(), proposer: proposer),
            author: Sample.author)
          try #require(outcome.edits == [step.edit])
          made.append(outcome.edits)
        } else {
          let other = make.mutant(of: rubric)
          guard other != rubric else { continue }
          rubric = other
          text = "# version \(number)\n" + rubric.canonicalText
          let outcome = try store.replace(
            with: Array(text.utf8), rationale: make.prose(), proposer: proposer,
            author: Sample.author)
          made.append(outcome.edits)
          try #require(try store.pull(id).text == Array(text.utf8))
        }
        try #require(try store.pull(id).rubric == rubric)
      }
      let fresh = try sandbox.store()
      let log = try fresh.log()
      try #require(log.map(\.edits) == made.reversed())
      for entry in log where entry.kind == .edited {
        let parent = try fresh.pull(id, commit: try #require(entry.parents.first)).rubric
        let child = try fresh.pull(id, commit: entry.commit).rubric
        try #require(entry.isRecorded)
        let again = try parent.applying(entry.edits)
        try #require(again.canonicalText.isVerbatim(child.canonicalText))
        try #require(entry.comparability == parent.comparability(to: child))
        let values = try sandbox.lines(
          "log", "-1", "--format=%(trailers:key=Rubric-Edit,valueonly)", entry.commit.hex)
        let read = try EditTexts.read("[\(values.joined(separator: ","))]", "json")
        try #require(read == entry.edits)
      }
      try #require(try sandbox.fsck() == "")
    }
  }

  /// The same with files as people write them: what an edit leaves alone keeps its comments.
  @Test func handWrittenFilesKeepTheirRubric() throws {
    try forAll(cases: Self.cases) { make in
      let sandbox = try GitSandbox()
      let store = try sandbox.store()
      try store.create(Sample.essayBytes, author: Sample.author)
      var rubric = try Sample.rubric()
      for _ in 0..<4 {
        let operation = make.random.pick(Edit.Operation.allCases)
        guard let step = try make.edited(by: operation, from: rubric), step.result != rubric
        else { continue }
        rubric = step.result
        try store.commit(
          MetaUpdate(rubric: "essay", edits: [step.edit]), author: Sample.author)
        let pin = try store.pull()
        try #require(pin.rubric == rubric)
        try #require(sandbox.read(GitSandbox.file) == String(decoding: pin.text, as: UTF8.self))
        try #require(try sandbox.status() == "")
        try #require(String(decoding: pin.text, as: UTF8.self).contains("# The essay rubric."))
      }
    }
  }
}
