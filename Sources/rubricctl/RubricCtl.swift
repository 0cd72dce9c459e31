import ArgumentParser

@main
struct RubricCtl: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rubricctl")
}
