import Foundation
import RubricStore

/// A policy that learns to write, against a fixed rubric and against one that is mended as it goes.
@main
enum Loop {
  static func main() async {
    switch Options.read(Array(CommandLine.arguments.dropFirst())) {
    case .help(let text): print(text)
    case .wrong(let message):
      Output.error("error: \(message)\nhint: `mpo-loop --help` lists the options")
      exit(64)
    case .run(let options):
      do {
        if try await !run(options), options.checks { exit(1) }
      } catch {
        Output.error("error: \(error)")
        exit(2)
      }
    }
  }

  /// - Returns: Whether what the example claims holds.
  private static func run(_ options: Options) async throws -> Bool {
    // The stores are thrown away, and a commit need not survive a loss of power.
    try Store.setDurable(false)
    Author.settle()
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let setup = options.setup
    var jobs: [(arm: Arm, seed: UInt64)] = []
    for seed in setup.firstSeed..<setup.firstSeed + UInt64(setup.seeds) {
      jobs += Arm.allCases.map { ($0, seed) }
    }
    let runs = try await withThrowingTaskGroup(of: Run.self) { group in
      var runs: [Run] = []
      var waiting = jobs.makeIterator()
      func start() {
        guard let (arm, seed) = waiting.next() else { return }
        var place = folder.path + "/\(arm)-\(seed)"
        if arm == .evolving, seed == setup.firstSeed, let keep = options.keep { place = keep }
        let path = place
        group.addTask { try await Trainer(setup, arm, seed: seed).run(in: path) }
      }
      for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { start() }
      while let run = try await group.next() {
        runs.append(run)
        Output.progress("\(runs.count) of \(jobs.count) runs")
        start()
      }
      return runs
    }
    Output.progress("")
    let outcome = Outcome(
      setup: setup,
      runs: Dictionary(grouping: runs.sorted { $0.seed < $1.seed }, by: \.arm))
    if let run = outcome.runs[.evolving]?.first { print(Report.history(of: run), "\n") }
    print(Report(outcome: outcome).text)
    if let plots = options.plots {
      try Output.write(Plot(outcome: outcome).svg, to: plots + "/mpo-loop.svg")
      try Output.write(Report(outcome: outcome).table, to: plots + "/mpo-loop.csv")
      print("\nplot: \(plots)/mpo-loop.svg\nnumbers: \(plots)/mpo-loop.csv")
    }
    if let keep = options.keep {
      print("\nThe store of seed \(setup.firstSeed) is kept. Browse it:")
      for command in ["log --metrics", "log --op tighten", "blame answers", "show"] {
        print("  rubricctl -C \(keep) \(command)")
      }
    }
    return outcome.claims.allSatisfy(\.holds)
  }
}
