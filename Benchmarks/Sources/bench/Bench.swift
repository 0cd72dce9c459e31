import FoundationEssentials
import Glibc
import RubricStore

/// Measures, prints the tables, and writes them where it is told to.
@main
struct Bench {
  static let usage = """
    usage: Benchmarks/run [--data DIR] [--rounds N] [--only TEXT] [--results FILE]
                          [--profile TEXT [--seconds N]]

      --data DIR      where paperbench/bam.json lies (or RUBRIC_DATA; default: ../shared/data
                      beside the clone)
      --rounds N      how often everything is timed (default: 15)
      --only TEXT     only measures whose name holds TEXT, and what they are compared with
      --results FILE  where the tables are written to (default: Benchmarks/RESULTS.md, and nowhere
                      with --only)
      --profile TEXT  do the first measure whose name holds TEXT for some seconds, for a profiler
    """

  static func main() throws {
    let options: Options
    do {
      options = try Options(CommandLine.arguments.dropFirst())
    } catch {
      print("error: \(error.message)\n\n\(usage)")
      exit(64)
    }
    if options.isHelp {
      print(usage)
      return
    }
    var timing = Timing()
    var report = Report()
    // Before large documents leave the heap in pieces, which a trainer's process has none of.
    try Self.batches(options, &timing, &report)
    try Self.pulls(options, &timing, &report)
    for source in Self.sources(options.data) {
      let rubric: Rubric
      switch source.rubric {
      case .success(let found): rubric = found
      case .failure(let absence):
        report.skipped.append("\(source.title), since \(absence.reason)")
        continue
      }
      let measures = try DocumentMeasures(source.work, rubric)
      let chosen = options.chosen(of: try measures.measures(edits: source.edits))
      if let text = options.profile {
        if let measure = chosen.first(where: { $0.fullName.contains(text) }) {
          try timing.profile(measure, seconds: options.seconds)
          return
        }
        continue
      }
      guard !chosen.isEmpty else { continue }
      report.sections.append(
        Report.Section(
          title: source.title, summary: measures.summary,
          samples: try timing.run(chosen, rounds: options.rounds)))
    }
    try Self.metaUpdates(options, &timing, &report)
    print(report.markdown)
    guard let file = options.results else { return }
    let head = """
      # Results

      Written by `Benchmarks/run`, \(options.rounds) rounds. What each row is, and what was learned:
      [README.md](README.md). A ratio is the median of the ratios within a round; a spread is half the
      distance between the quartiles.

      \(Machine.markdown)

      """
    try (head + report.markdown).write(toFile: file, atomically: true, encoding: .utf8)
  }

  /// Measures what our side adds to a meta-update.
  private static func metaUpdates(
    _ options: Options, _ timing: inout Timing, _ report: inout Report
  ) throws {
    try inFolder { folder in
      let measures = try MetaUpdateMeasures(folder: folder)
      try add(
        "A meta-update", measures.summary, try measures.measures(), options, &timing, &report)
    }
  }

  /// Measures scoring many rollouts at once.
  private static func batches(
    _ options: Options, _ timing: inout Timing, _ report: inout Report
  ) throws {
    try add(
      "A batch of rollouts", BatchMeasures.summary, BatchMeasures().measures(), options, &timing,
      &report)
  }

  /// Measures the first pull of a commit, of loose objects and of packed ones.
  private static func pulls(
    _ options: Options, _ timing: inout Timing, _ report: inout Report
  ) throws {
    for (title, work, isPacked) in [
      ("The first pull of a commit, its objects loose", "pull, loose", false),
      ("The first pull of a commit, its objects packed", "pull, packed", true),
    ] where options.mayChoose(work) {
      try inFolder { folder in
        let measures = try PullMeasures(work, folder: folder, isPacked: isPacked)
        try add(title, measures.summary, measures.measures(), options, &timing, &report)
      }
    }
  }

  private static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "rubric-bench-\(UUID().uuidString)"
    ).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  /// Times the measures that were asked for, or profiles the first of them.
  private static func add(
    _ title: String, _ summary: String, _ measures: [Measure], _ options: Options,
    _ timing: inout Timing, _ report: inout Report
  ) throws {
    let chosen = options.chosen(of: measures)
    guard !chosen.isEmpty else { return }
    if let text = options.profile {
      if let measure = chosen.first(where: { $0.fullName.contains(text) }) {
        try timing.profile(measure, seconds: options.seconds)
      }
      return
    }
    report.sections.append(
      Report.Section(
        title: title, summary: summary, samples: try timing.run(chosen, rounds: options.rounds)))
  }

  /// A rubric to measure, and how many edits away its versions are.
  private struct Source {
    let work: String
    let title: String
    let rubric: Result<Rubric, Inputs.Absence>
    let edits: [Int]
  }

  private static func sources(_ data: String) -> [Source] {
    let bam = Inputs.bam(in: data)
    let grown: Result<Rubric, Inputs.Absence> =
      switch bam {
      case .success(let rubric): .success(Inputs.grown(rubric, to: 3000))
      case .failure: .success(Inputs.tree(3000, seed: 1))
      }
    return [
      Source(
        work: "bam", title: "PaperBench's `bam.json`", rubric: bam, edits: [0, 1, 10, 500, 1000]),
      Source(
        work: "grown", title: "A tree of 3,000 criteria", rubric: grown,
        edits: [0, 1, 10, 500, 1000]),
      Source(
        work: "flat", title: "A list of 3,000 criteria",
        rubric: .success(Inputs.flat(3000, seed: 2)), edits: [1, 500, 1000]),
    ]
  }
}
