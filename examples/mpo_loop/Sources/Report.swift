/// Tells what came of it, in a terminal's width.
struct Report {
  let outcome: Outcome

  var text: String {
    var lines: [String] = []
    let setup = outcome.setup
    lines.append(
      "\(setup.seeds) seeds, \(setup.updates) updates of \(setup.batch) responses, a meta-update "
        + "every \(setup.interval), \(Self.percent(setup.goldShare)) of responses marked")
    for (title, values) in [("reward", \Run.rewards), ("gold", \Run.golds)] {
      lines.append("")
      lines.append(
        Self.pad(title, 22) + Self.pad("", 42) + "start   end (last \(setup.lastUpdates) updates)")
      for arm in Arm.allCases {
        let course = Self.mean((outcome.runs[arm] ?? []).map { $0[keyPath: values] })
        let start = Estimate(outcome.start(arm, values)).mean
        lines.append(
          Self.pad("  " + arm.name, 22) + Self.pad(Self.sparkline(course, width: 40), 42)
            + Self.number(start) + "   " + Self.text(Estimate(outcome.end(arm, values))))
      }
    }
    lines.append("")
    lines.append(
      "Reward is under the rubric of its time: rewards of different versions do not compare.")
    lines.append("")
    lines.append("Final gold, paired by seed")
    for (arm, other) in [
      (Arm.evolving, Arm.fixed), (.unmarked, .fixed), (.evolving, .unmarked),
    ] {
      let differences = outcome.difference(arm, other)
      let (wins, same) = (differences.count { $0 > 0 }, differences.count { $0 == 0 })
      lines.append(
        Self.pad("  \(arm.name) − \(other.name)", 40)
          + Self.text(Estimate(differences), signed: true)
          + ", higher in \(wins) of \(differences.count) seeds"
          + (same > 0 ? ", the same in \(same)" : ""))
    }
    lines.append("")
    lines.append("What the policy does at the end (share of moves in the body of a response)")
    lines.append(Self.pad("", 22) + Move.allCases.map { Self.pad($0.name, 9) }.joined())
    for arm in Arm.allCases {
      let habits = Self.mean((outcome.runs[arm] ?? []).map(\.habits))
      lines.append(
        Self.pad("  " + arm.name, 22)
          + habits.map { Self.pad(Self.percent($0), 9) }.joined())
    }
    lines.append("")
    for claim in outcome.claims {
      lines.append((claim.holds ? "holds: " : "does NOT hold: ") + claim.text)
    }
    return lines.joined(separator: "\n")
  }

  /// Every update of every run as comma-separated values, for other programs to draw.
  var table: String {
    var lines = ["arm,seed,update,reward,gold"]
    for arm in Arm.allCases {
      for run in outcome.runs[arm] ?? [] {
        for (update, values) in zip(run.rewards, run.golds).enumerated() {
          lines.append("\(arm),\(run.seed),\(update),\(values.0),\(values.1)")
        }
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The history of one run's rubric.
  static func history(of run: Run) -> String {
    var lines = ["How the rubric of seed \(run.seed) evolved (\(run.arm.name))"]
    for step in run.steps {
      lines.append("")
      lines.append("update \(step.update)  \(step.commit.prefix(8))  \(step.subject)")
      for edit in step.edits where edit.summary != "no change" {
        lines.append("  * " + edit.summary)
        lines.append("    " + edit.rationale)
      }
      for finding in step.observations { lines.append("  · found: " + finding) }
      for reason in step.refused { lines.append("  - refused: " + reason) }
    }
    return lines.joined(separator: "\n")
  }

  private static func text(_ estimate: Estimate, signed: Bool = false) -> String {
    let sign = signed && estimate.mean >= 0 ? "+" : ""
    return sign + number(estimate.mean) + " [" + number(estimate.lower) + ", "
      + number(estimate.upper) + "]"
  }

  /// The mean of several courses, point by point.
  static func mean(_ courses: [[Double]]) -> [Double] {
    guard let count = courses.map(\.count).min() else { return [] }
    return (0..<count).map { index in
      courses.reduce(0) { $0 + $1[index] } / Double(courses.count)
    }
  }

  /// Values from 0 to 1 as a line of blocks, each the mean of what falls into it.
  static func sparkline(_ values: [Double], width: Int) -> String {
    let blocks = Array("▁▂▃▄▅▆▇█")
    guard !values.isEmpty else { return "" }
    let count = min(width, values.count)
    return String(
      (0..<count).map { at in
        let part = values[at * values.count / count..<(at + 1) * values.count / count]
        let mean = part.reduce(0, +) / Double(part.count)
        return blocks[Int((mean.inUnit * Double(blocks.count - 1)).rounded())]
      })
  }

  /// A number with three decimals.
  static func number(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    let thousandths = Int((value.magnitude * 1_000).rounded())
    let digits = String(thousandths % 1_000)
    let sign = value < 0 && thousandths > 0 ? "−" : ""
    return "\(sign)\(thousandths / 1_000)."
      + String(repeating: "0", count: 3 - digits.utf8.count) + digits
  }

  static func percent(_ value: Double) -> String { "\(Int((value * 100).rounded())) %" }

  private static func pad(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }
}
