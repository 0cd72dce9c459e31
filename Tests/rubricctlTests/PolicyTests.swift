import Foundation
import Testing

@Suite struct PolicyTests {
  @Test func policy() throws {
    let session = try CommandLineSession()
    try session.run("rubricctl policy show")
    try session.quietly("rubricctl init .")
    try session.run("rubricctl policy show | head -4")
    try session.quietly("rubricctl import '\(Fixture.path("essay.yaml"))'")
    try session.run("rubricctl policy")
    try session.run("rubricctl policy init")
    try session.run("rubricctl policy init")
    try session.run("rubricctl policy init --print | head -20")
    try session.run("rubricctl policy check .rubric/policy.yaml")
    session.note("what lies in the work tree does not count yet")
    try session.edit(".rubric/policy.yaml", "weight_ratio: 2\n", "weight_ratio: 1.5\n")
    try session.run("rubricctl policy show | head -3")
    try session.quietly("git add .rubric && git commit -qm 'A policy'")
    try session.run("rubricctl policy show | grep -n 'policy.yaml\\|weight_ratio'")
    try session.run("rubricctl policy show HEAD~1 | head -3")
    try session.run("rubricctl policy show --json")
    session.note("what is wrong with one")
    try session.write(
      "wrong.yaml",
      """
      schema: rubric-policy/1
      suport: {rollouts: 3}
      trust_region:
        weight_ratio: 0.5
        rank_correlation: high
      lints:
        leaked_lable: off
        leaked_label: never
        leaked_label: warn

      """)
    try session.run("rubricctl policy check wrong.yaml .rubric/policy.yaml")
    try session.run("rubricctl policy check --json - < wrong.yaml")
    try session.run("rubricctl policy check /dev/null")
    try session.quietly("cp wrong.yaml .rubric/policy.yaml && git commit -qam 'A wrong policy'")
    try session.run("rubricctl policy show")
    try session.run("rubricctl lint")
    session.note("wrong uses")
    try session.run("rubricctl policy check")
    try session.run("rubricctl policy check nowhere.yaml")
    try session.run("rubricctl policy show nowhere")
    try session.quietly("git clone -q --bare . ../bare.git")
    try session.run("rubricctl -C ../bare.git policy init")
    try session.snapshot("policy")
  }
}
