import MetaEditor
import RubricStore

extension Terminal {
  /// Tells what a replay found.
  func show(
    _ report: ReplayReport, of range: VersionRange, assumesHeld: Bool, pairsFile: String?
  ) {
    line(report.comparability.sentence)
    line(
      paint(
        "\(range.new.rubric.id)  \(range.old.commit.prefix(12)) → \(range.new.commit.prefix(12))",
        .heading))
    line()
    for sentence in report.sentences(assumesHeld: assumesHeld) { line(sentence) }
    if report.pairs > 0 {
      let what = Self.count(report.pairs, "pair") + " of rollout and criterion"
      let place =
        pairsFile.map { "; they are in \($0.printable)" } ?? "; --pairs FILE writes them down"
      line(
        paint("To be judged again:", .warning)
          + " \(what), in \(Self.count(report.rejudged, "rollout"))\(place).")
    }
    show(reasons: report.unscorableBefore, "before")
    show(reasons: report.unscorableAfter, "after")
    guard report.replayed > 0 else { return }
    showRewards(report)
    showShifts(report)
    showMoved(report)
  }

  private static func count(_ count: Int, _ noun: String) -> String {
    "\(count.grouped) \(noun)\(count == 1 ? "" : "s")"
  }

  private func show(reasons: [Unscorable.Code: Int], _ when: String) {
    guard !reasons.isEmpty else { return }
    let rows = reasons.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }
    let words = rows.map { code, count in
      let reason =
        code == ReplayReport.rejudge
        ? "to be judged again" : code.rawValue.replacing("_", with: " ")
      return "\(reason) \(count.grouped)"
    }
    line("Without a reward \(when): \(words.joined(separator: ", ")).")
  }

  private func showRewards(_ report: ReplayReport) {
    guard let before = report.before, let after = report.after else { return }
    let plot = Plot.current
    let labels = before.labels(plot)
    let width = max(6, labels.map(\.count).max() ?? 0)
    let most = max(1, (before.counts + after.counts).max() ?? 1)
    let numbers = (before.counts + after.counts).map { $0.grouped.count }.max() ?? 1
    line()
    line(
      paint(
        "Reward".rightPadded(to: width) + "  " + "before".rightPadded(to: 20 + numbers + 3)
          + "after", .heading))
    for (index, label) in labels.enumerated() {
      func cell(_ count: Int) -> String {
        count.grouped.leftPadded(to: numbers) + " "
          + plot.bar(Double(count) / Double(most), width: 20).rightPadded(to: 20)
      }
      let row =
        label.leftPadded(to: width) + "  " + cell(before.counts[index]) + "  "
        + cell(after.counts[index])
      line(row.withoutTrailingSpaces)
    }
    if report.sampled < report.replayed {
      line(paint("of a sample of \(report.sampled.grouped)", .muted))
    }
  }

  private func showShifts(_ report: ReplayReport) {
    guard let shifts = report.shifts else { return }
    let plot = Plot.current
    let same = report.sampled - shifts.counts.reduce(0, +)
    var rows = zip(shifts.labels(plot), shifts.counts).map { (label: $0, count: $1) }
    let place = shifts.edges.dropLast().firstIndex { $0 >= 0 } ?? rows.count
    rows.insert(("the same", same), at: min(place, rows.count))
    let width = rows.map(\.label.count).max() ?? 0
    let most = max(1, rows.map(\.count).max() ?? 1)
    let numbers = rows.map { $0.count.grouped.count }.max() ?? 1
    line()
    line(paint("Shift", .heading))
    for (label, count) in rows {
      let bar = plot.bar(Double(count) / Double(most), width: 40)
      line(
        (label.leftPadded(to: width) + "  " + count.grouped.leftPadded(to: numbers) + " " + bar)
          .withoutTrailingSpaces)
    }
  }

  private func showMoved(_ report: ReplayReport) {
    guard !report.moved.isEmpty else { return }
    line()
    line(paint("Moved most", .heading))
    let names = report.moved.map { String($0.rollout.printable.prefix(60)) }
    let width = names.map(\.count).max() ?? 0
    for (name, rollout) in zip(names, report.moved) {
      guard let before = rollout.before, let after = rollout.after, let shift = rollout.shift else {
        continue
      }
      let mark =
        switch rollout.basis {
        case .verdicts: ""
        case .policy: paint("  where missing verdicts count by the rubric's policy", .muted)
        case .held: paint("  estimated", .muted)
        }
      let decimals = Double.decimals(for: [before, after])
      line(
        "  \(paint(name.rightPadded(to: width), .id))  \(before.fixed(decimals)) → "
          + "\(after.fixed(decimals))  \(shift.signed(decimals))\(mark)")
    }
  }
}

extension ReplayReport {
  /// What was found, a sentence each.
  fileprivate func sentences(assumesHeld: Bool) -> [String] {
    var sentences = ["\(count.grouped) judgement\(count == 1 ? "" : "s") read."]
    if unstamped > 0 {
      sentences.append(
        "\(unstamped.grouped) of them \(unstamped == 1 ? "does" : "do") not say which version the "
          + "judge read, and \(unstamped == 1 ? "counts" : "count") as the older's.")
    }
    if judgedAfter > 0 {
      sentences.append(
        "\(judgedAfter.grouped) of them \(judgedAfter == 1 ? "was" : "were") given under the newer version."
      )
    }
    if otherCount > 0 {
      let names = otherVersions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      let shown = names.prefix(3).map { "\($0.key.printable.prefix(12)) (\($0.value.grouped))" }
      sentences.append(
        "\(otherCount.grouped) more under other versions \(otherCount == 1 ? "is" : "are") left out: "
          + shown.joined(separator: ", ") + (names.count > 3 ? ", …" : "") + ".")
    }
    guard replayed > 0, let meanBefore, let meanAfter, let meanShift else {
      sentences.append("None has a reward under both versions.")
      return sentences
    }
    sentences.append(
      "\(replayed.grouped) \(replayed == 1 ? "has" : "have") a reward under both versions.")
    if estimated > 0 {
      sentences.append(
        "\(estimated.grouped) of these \(estimated == 1 ? "is an estimate" : "are estimates"): verdicts that must be given again were "
          + "taken to hold.")
    } else if assumesHeld, pairs > 0 {
      sentences.append("No verdict that must be given again could be taken to hold.")
    }
    if provisional > 0 {
      sentences.append(
        "\(provisional.grouped) of these still \(provisional == 1 ? "misses" : "miss") verdicts, which count by the rubric's own "
          + "policy for missing ones.")
    }
    let decimals = Double.decimals(for: [meanBefore, meanAfter])
    let bounds = meanShift.bounds(max(decimals, Double.decimals(for: [meanShift.value])))
    sentences.append(
      "Mean reward: \(meanBefore.fixed(decimals)) → \(meanAfter.fixed(decimals)), a shift of "
        + bounds + ".")
    if let rankCorrelation {
      sentences.append(
        "Rank correlation (Spearman): \(rankCorrelation.value.fixed(3))"
          + rankCorrelation.range(3) + ".")
    } else {
      sentences.append("There is no rank correlation: all rewards are the same on one side.")
    }
    func share(_ part: Int) -> String {
      "\((Double(part) / Double(replayed) * 100).fixed(1)) % (\(part.grouped))"
    }
    sentences.append("Rose: \(share(rose)). Fell: \(share(fell)). The same: \(share(same)).")
    return sentences
  }
}

extension Estimate {
  /// The value with its sign, and its interval.
  fileprivate func bounds(_ decimals: Int) -> String {
    value.signed(decimals) + range(decimals, isSigned: true)
  }

  fileprivate func range(_ decimals: Int, isSigned: Bool = false) -> String {
    guard lower.isFinite, upper.isFinite else { return "" }
    func text(_ value: Double) -> String {
      isSigned ? value.signed(decimals) : value.fixed(decimals)
    }
    return " (95 %: \(text(lower)) to \(text(upper)))"
  }
}

extension Histogram {
  /// The bins as `0.1 … 0.2`, aligned at their middle.
  fileprivate func labels(_ plot: Plot) -> [String] {
    let decimals = edges.map { $0.decimals(atMost: 6) }.max() ?? 0
    let texts = edges.map { $0.fixed(decimals) }
    let width = texts.map(\.count).max() ?? 0
    let dots = plot.isUnicode ? "…" : ".."
    return zip(texts, texts.dropFirst()).map {
      "\($0.leftPadded(to: width)) \(dots) \($1.leftPadded(to: width))"
    }
  }
}

extension Double {
  /// How many decimals show the largest of some numbers with four digits.
  fileprivate static func decimals(for values: [Double]) -> Int {
    var size = values.map(\.magnitude).max() ?? 0
    var decimals = 3
    guard size > 0, size.isFinite else { return decimals }
    while size >= 10, decimals > 0 {
      size /= 10
      decimals -= 1
    }
    while size < 0.1, decimals < 9 {
      size *= 10
      decimals += 1
    }
    return decimals
  }

  fileprivate func signed(_ decimals: Int) -> String {
    let text = fixed(decimals)
    return text.hasPrefix("-") ? text : "+" + text
  }
}

extension Int {
  /// The number with its digits in groups of three.
  var grouped: String {
    var groups: [Substring] = []
    var digits = Substring(String(magnitude))
    while digits.count > 3 {
      groups.append(digits.suffix(3))
      digits = digits.dropLast(3)
    }
    return (self < 0 ? "-" : "") + ([digits] + groups.reversed()).joined(separator: ",")
  }
}
