import Foundation
import Testing

@Suite struct TemplatesTests {
  private static let folder = ".rubric/templates"

  @Test func templates() throws {
    let session = try CommandLineSession.withEssay()
    try session.run("rubricctl templates")
    try session.run("rubricctl templates show judge-holistic")
    try session.run("rubricctl templates show judge-rubric --placeholders")
    try session.run("rubricctl templates list --json | head -1")
    try session.run("rubricctl templates export \(Self.folder) --only judge-holistic")
    try session.run("rubricctl templates export \(Self.folder) --only judge-holistic")
    session.note("the same text is the same template")
    try session.quietly("git add . && git commit -qm templates")
    try session.run("rubricctl templates | grep judge-holistic")
    try session.write(
      "\(Self.folder)/judge-holistic.mustache", "Grade {{response}} by {{rubric}}.\n")
    session.note("what is not committed is not the commit's")
    try session.run("rubricctl templates | grep judge-holistic")
    try session.quietly("git add . && git commit -qm shorter")
    try session.run("rubricctl templates | grep judge-holistic")
    try session.run("rubricctl templates --at HEAD~1 | grep judge-holistic")
    try session.run("rubricctl templates show judge-holistic")
    try session.write("own/judge-holistic.mustache", "{{rubric}} {{response}}")
    try session.write("own/README.md", "no template")
    try session.run("rubricctl templates --templates own | grep judge-holistic")
    session.note("what cannot be used")
    try session.run("rubricctl templates show judge-holistik")
    try session.run("rubricctl templates export x --only judge")
    try session.run("rubricctl templates --templates gone")
    try session.run("mkdir none && rubricctl templates --templates none")
    try session.write("own/judge-holistic.mustache", "{{rubric}} {{responce}}")
    try session.run("rubricctl templates --templates own")
    try session.write("own/judge-holistic.mustache", "{{rubric}}")
    try session.run("rubricctl templates --templates own")
    try session.write("own/judge-holistic.mustache", "{{rubric}}{{response}}")
    try session.write("own/judge-holstic.mustache", "{{rubric}}{{response}}")
    try session.run("rubricctl templates --templates own")
    session.note("without a repository")
    session.directory = session.folder
    try session.run("rubricctl templates | head -1")
    try session.run("rubricctl templates --at HEAD")
    try session.snapshot("templates")
  }

  @Test(.enabled(if: ModelServer.isAvailable, "there is no python3"))
  func theJudgeIsAskedWithTheTemplateOfTheRubricsCommit() throws {
    let session = try CommandLineSession.withEssay()
    let server = try ModelServer()
    try session.write("r.jsonl", #"{"rollout": "r1", "prompt": "p", "response": "An essay."}"#)
    try session.write(
      "\(Self.folder)/judge-criterion.mustache", "MINE {{criterion}} {{rubric}} {{response}}")
    try session.quietly("git add . && git commit -qm templates")
    func stamp(_ command: String) throws -> String {
      let result = try session.quietly(
        "rubricctl judge --rollouts r.jsonl \(command)", environment: server.environment)
      let record =
        try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
      return try #require((record?["judge"] as? [String: Any])?["prompt"] as? String)
    }
    let before = try stamp("essay@HEAD~1")
    let after = try stamp("essay@HEAD")
    #expect(before != after)
    try session.quietly(
      "mkdir own && echo 'OWN {{rubric}} {{response}}' > own/judge-criterion.mustache")
    let own = try stamp("essay@HEAD --templates own")
    #expect(![before, after].contains(own))
    let texts = try server.requests().map(\.text)
    #expect(texts.count == 12)
    #expect(texts[..<4].allSatisfy { !$0.contains("MINE") })
    #expect(texts[4..<8].allSatisfy { $0.hasPrefix("MINE f") || $0.hasPrefix("MINE padding") })
    #expect(texts[8...].allSatisfy { $0.hasPrefix("OWN ") })
  }
}
