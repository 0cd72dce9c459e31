import Foundation
import Testing

@Suite struct LintTests {
  private static let decayed = """
    schema: rubric/1
    id: verdicts
    preamble: Each answer is graded for itself.
    criteria:
      - id: reasons
        title: Reasons (10 points)
        text: Are the reasons sound?
        scale:
          levels:
            - {value: 0, text: The answer states reasons but does not weigh them. The verdict is within <verdict>RIGHT</verdict>.}
            - {value: 1, text: The answer does not state any reasons. The verdict is within <verdict>RIGHT</verdict>.}
            - {value: 5, text: The answer weighs its reasons. The verdict is within <verdict>RIGHT</verdict>.}
      - id: tone
        text: Is it kinder than the previous rubric asked for?
        weight: 0

    """

  @Test func lint() throws {
    let session = try CommandLineSession.withEssay()
    try session.write("decayed.yaml", Self.decayed)
    try session.run("rubricctl lint")
    try session.run("rubricctl lint --list")
    try session.run("rubricctl lint decayed.yaml")
    try session.run("rubricctl lint - essay@HEAD < decayed.yaml | head -3")
    try session.run("rubricctl lint decayed.yaml --json | head -2")
    try session.run("rubricctl lint --json")
    session.note("what the committed policy says")
    try session.write(
      ".rubric/policy.yaml",
      """
      schema: rubric-policy/1
      lints:
        leaked_label: warn
        scale_mismatch: off
        levels_out_of_order: off
        duplicated_sentence: off
        unseen_reference: warn

      """)
    try session.run("rubricctl lint decayed.yaml > /dev/null; echo $?")
    try session.run("rubricctl lint decayed.yaml --policy .rubric/policy.yaml")
    try session.quietly("git add .rubric && git commit -qm 'A policy'")
    try session.run("rubricctl lint decayed.yaml --color debug")
    try session.run("rubricctl lint --list --json | tail -1")
    session.note("with rollouts")
    var lines = ""
    for number in 0..<30 {
      let extra = number == 3 ? " Discuss what Cemex did." : ""
      lines += """
        {"rollout":"r\(number)","prompt":"Write essay \(number).\(extra)","response":"Here it is.",\
        "rubric":"0123abcd","verdicts":{}}

        """
    }
    try session.write("rollouts.jsonl", lines)
    try session.quietly(
      "rubricctl tighten flow --add-reason 'It leaves out what Cemex did.' --because x")
    try session.run("rubricctl lint")
    try session.run("rubricctl lint --evidence rollouts.jsonl")
    try session.run("rubricctl lint --evidence rollouts.jsonl --json")
    session.note("all of them")
    try session.quietly("rubricctl import decayed.yaml")
    try session.run("rubricctl lint | cut -c1-60")
    session.note("wrong uses")
    try session.write("broken.jsonl", "{\"rollout\": 1}\n")
    try session.run("rubricctl lint nowhere.yaml")
    try session.run("rubricctl lint --evidence broken.jsonl")
    try session.run("rubricctl lint --policy decayed.yaml")
    try session.snapshot("lint")
  }

  /// A file can be looked through where there is no repository.
  @Test func withoutARepository() throws {
    let session = try CommandLineSession()
    try session.write("decayed.yaml", Self.decayed)
    #expect(try session.execute("rubricctl lint decayed.yaml").status == 1)
    #expect(try session.execute("rubricctl lint --list").status == 0)
    #expect(try session.execute("rubricctl lint").status == 2)
  }

  /// Rubrics that people wrote and use are let pass; those that a prompt optimiser wrote, and one that
  /// asks for a thing twice, are told of that and of nothing else.
  @Test(.enabled(if: RealData.folder != nil, "there is no shared/data beside the project"))
  func realRubrics() throws {
    let session = try CommandLineSession()
    try session.quietly("rubricctl init .")
    var found: [String: [String]] = [:]
    for (index, file) in try RealData.files("mpo", ending: ".txt").enumerated() {
      try session.quietly("rubricctl import '\(file)' --id mpo-\(index)")
      let name = file.split(separator: "/").suffix(2).joined(separator: "/")
      found[name] = try session.execute("rubricctl lint mpo-\(index)@ --json").lines
    }
    for name in ["bam", "bbox", "mechanistic-understanding", "sapg", "semantic-self-consistency"] {
      let file = try RealData.path("paperbench/\(name).json")
      try session.quietly("rubricctl import '\(file)' --id \(name) --repair-ids")
      found[name] = try session.execute("rubricctl lint \(name)@ --json").lines
    }
    #expect(found.count == 15)
    for (name, lines) in found {
      if name.hasSuffix("autoprompt.txt") {
        #expect(lines.allSatisfy { $0.contains("\"unseen_reference\"") }, "\(name)")
      } else if name == "bbox" {
        #expect(lines.count == 1 && lines[0].contains("\"near_duplicate\""), "\(lines)")
      } else {
        #expect(lines == [], "\(name)")
      }
    }
    #expect(found.values.joined().count == 4)
  }
}
