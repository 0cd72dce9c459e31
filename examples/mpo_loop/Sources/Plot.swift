/// Draws reward and gold over the training, the mean and its 95 % interval over seeds.
struct Plot {
  let outcome: Outcome

  private static let panel = (width: 400.0, height: 260.0)
  private static let margin = (left: 48.0, top: 44.0, right: 16.0, bottom: 44.0)
  /// Points of a course: more would not be seen.
  private static let points = 100

  /// The drawing, the same bytes for the same numbers.
  var svg: String {
    let width = 2 * (Self.panel.width + Self.margin.left + Self.margin.right)
    let height = Self.panel.height + Self.margin.top + Self.margin.bottom + 28
    var lines = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(Self.text(width)) "
        + "\(Self.text(height))\" font-family=\"sans-serif\" font-size=\"12\">",
      "<title>Reward and gold over the training</title>",
      "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>",
    ]
    lines += draw("Reward, under the rubric of its time", \.rewards, at: 0)
    lines += draw("Gold, which no reward is made of", \.golds, at: width / 2)
    var x = Self.margin.left
    for arm in Arm.allCases {
      let y = height - 16
      lines.append(
        "<line x1=\"\(Self.text(x))\" y1=\"\(Self.text(y - 4))\" x2=\"\(Self.text(x + 24))\" "
          + "y2=\"\(Self.text(y - 4))\" \(Self.stroke(arm))/>")
      lines.append(Self.label(arm.name, x + 30, y, "start"))
      x += 190
    }
    lines.append("</svg>")
    return lines.joined(separator: "\n") + "\n"
  }

  private func draw(
    _ title: String, _ values: KeyPath<Run, [Double]>, at offset: Double
  ) -> [String] {
    let (left, top) = (offset + Self.margin.left, Self.margin.top)
    let (width, height) = Self.panel
    var lines = [Self.label(title, left, top - 16, "start", "font-weight=\"bold\"")]
    for tick in stride(from: 0, through: 1, by: 0.25) {
      let y = top + height * (1 - tick)
      lines.append(
        "<line x1=\"\(Self.text(left))\" y1=\"\(Self.text(y))\" x2=\"\(Self.text(left + width))\" "
          + "y2=\"\(Self.text(y))\" stroke=\"#ddd\"/>")
      lines.append(Self.label(Self.text(tick), left - 6, y + 4, "end"))
      let step = Self.text((tick * Double(outcome.setup.updates)).rounded())
      lines.append(Self.label(step, left + tick * width, top + height + 18, "middle"))
    }
    lines.append(Self.label("update", left + width / 2, top + height + 34, "middle"))
    for arm in Arm.allCases {
      let course = course(arm, values)
      guard course.count > 1 else { continue }
      func place(_ index: Int, _ value: Double) -> String {
        let x = left + width * Double(index) / Double(course.count - 1)
        return Self.text(x) + "," + Self.text(top + height * (1 - value.inUnit))
      }
      let above = course.enumerated().map { place($0, $1.mean + Self.finite($1.margin)) }
      let below = course.enumerated().map { place($0, $1.mean - Self.finite($1.margin)) }
      lines.append(
        "<polygon points=\"\((above + below.reversed()).joined(separator: " "))\" "
          + "fill=\"\(Self.color(arm))\" fill-opacity=\"0.18\"/>")
      lines.append(
        "<polyline points=\"\(course.enumerated().map { place($0, $1.mean) }.joined(separator: " "))\" "
          + "fill=\"none\" \(Self.stroke(arm))/>")
    }
    return lines
  }

  /// Each point is over the updates that fall into it, then over seeds.
  private func course(_ arm: Arm, _ values: KeyPath<Run, [Double]>) -> [Estimate] {
    let runs = outcome.runs[arm] ?? []
    let count = min(Self.points, outcome.setup.updates)
    return (0..<count).map { at in
      Estimate(
        runs.map { run in
          let all = run[keyPath: values]
          let part = all[at * all.count / count..<(at + 1) * all.count / count]
          return part.reduce(0, +) / Double(max(1, part.count))
        })
    }
  }

  private static func finite(_ value: Double) -> Double { value.isFinite ? value : 0 }

  /// Colours that are told apart in print and by those who see no red or green.
  private static func color(_ arm: Arm) -> String {
    switch arm {
    case .fixed: "#d55e00"
    case .evolving: "#0072b2"
    case .unmarked: "#000000"
    }
  }

  /// Dashed where it may lie on another course.
  private static func stroke(_ arm: Arm) -> String {
    "stroke=\"\(color(arm))\" stroke-width=\"2\""
      + (arm == .unmarked ? " stroke-dasharray=\"6 6\"" : "")
  }

  private static func label(
    _ text: String, _ x: Double, _ y: Double, _ anchor: String, _ more: String = ""
  ) -> String {
    "<text x=\"\(self.text(x))\" y=\"\(self.text(y))\" text-anchor=\"\(anchor)\""
      + (more.isEmpty ? "" : " " + more) + ">\(text)</text>"
  }

  /// A number with at most two decimals.
  private static func text(_ value: Double) -> String {
    let hundredths = Int((value.magnitude * 100).rounded())
    let sign = value < 0 && hundredths > 0 ? "-" : ""
    let whole = "\(sign)\(hundredths / 100)"
    let rest = hundredths % 100
    if rest == 0 { return whole }
    return whole + "." + (rest < 10 ? "0" : "") + (rest % 10 == 0 ? "\(rest / 10)" : "\(rest)")
  }
}
