import RubricStore

extension Terminal {
  /// Shows who made a version what it is: a heading for each criterion, below it a row for each commit
  /// that has a part in it, in 80 columns.
  func show(_ blame: Blame, all: Bool) {
    line(paint("\(blame.rubric)@\(blame.commit.prefix(12))", .heading))
    for part in [blame.document].compactMap({ $0 }) + blame.criteria {
      line()
      let name = part.criterion.map { paint($0.rawValue, .id) } ?? paint("the rubric", .heading)
      line(name + (part.title.isEmpty ? "" : "  \(part.title.printable.shortened(to: 60))"))
      for group in part.groups(all: all) { show(group, of: blame.rubric) }
    }
    for version in blame.unreadable {
      line()
      line(
        paint(
          "\(version.commit.prefix(12)) was passed over, its version is not valid", .warning))
    }
  }

  private func show(_ group: BlameGroup, of rubric: RubricID) {
    let (left, right) = (18, 58)
    let source = group.source
    let names = group.names.joined(separator: ", ").wrapped(to: left - 2)
    let hash = source.isBoundary ? "^" + source.commit.prefix(11) : source.commit.prefix(12)
    let author = source.author.name.printable.shortened(to: 14)
    var details: [(text: String, label: Label?)] = []
    for origin in group.origins {
      let way = origin.operation.rawValue.replacing("_", with: " ")
      details.append(
        ("from `\(origin.criterion)` by \(way) in \(origin.commit.prefix(12))", .changed))
    }
    if source.proposer.author != .human || !source.proposer.name.isEmpty {
      let name = "by \(source.proposer.author.rawValue) \(source.proposer.name.printable)"
      details.append((name.withoutTrailingSpaces.shortened(to: right), .muted))
    }
    let reason = source.reason(in: rubric).printableLines.wrapped(to: right)
    for (index, text) in reason.prefix(4).enumerated() {
      details.append((index == 3 && reason.count > 4 ? text.shortened(to: 56) + " …" : text, nil))
    }
    let first =
      paint(hash, .commit) + "  \(source.author.date.prefix(10))  "
      + author.filled(to: 14) + "  " + paint(source.word, .changed)
    for index in 0..<max(names.count, details.count + 1) {
      let name = index < names.count ? names[index] : ""
      let cell = "  " + name.filled(to: left - 2) + "  "
      if index == 0 {
        line(cell + first)
      } else if index <= details.count {
        let detail = details[index - 1]
        line(cell + (detail.label.map { paint(detail.text, $0) } ?? detail.text))
      } else {
        line(cell.withoutTrailingSpaces)
      }
    }
  }
}

/// Fields that were last changed by the same edit.
private struct BlameGroup {
  var names: [String]
  var source: Blame.Source
  var origins: [Blame.Origin]
}

extension Blame.Part {
  /// The fields to show, those of one edit together, the creation first.
  fileprivate func groups(all: Bool) -> [BlameGroup] {
    var groups = [BlameGroup(names: ["created"], source: created, origins: [])]
    for line in all ? lines : notable {
      let index = groups.firstIndex {
        $0.source.commit == line.source.commit && $0.source.edit == line.source.edit
          && $0.origins == line.origins
      }
      if let index {
        groups[index].names.append(line.field.rawValue)
      } else {
        groups.append(
          BlameGroup(names: [line.field.rawValue], source: line.source, origins: line.origins))
      }
    }
    return groups
  }

  /// The part as one line of `blame --json`.
  func json(of blame: Blame, all: Bool) -> JSONValue {
    [
      "rubric": .string(blame.rubric.rawValue), "commit": .string(blame.commit.hex),
      "criterion": criterion.map { .string($0.rawValue) } ?? .null, "title": .string(title),
      "created": created.json,
      "fields": .array(
        (all ? lines : notable).map { line in
          [
            "field": .string(line.field.rawValue), "value": line.value ?? .null,
            "origins": .array(
              line.origins.map {
                [
                  "criterion": .string($0.criterion.rawValue),
                  "op": .string($0.operation.rawValue), "commit": .string($0.commit.hex),
                ]
              }),
            "change": line.source.json,
          ]
        }),
    ]
  }
}

extension Blame.Source {
  /// What happened, in a word or two.
  fileprivate var word: String {
    edit?.operation.rawValue.replacing("_", with: " ") ?? kind.rawValue
  }

  /// Why, without the rubric's name that a subject begins with.
  fileprivate func reason(in rubric: RubricID) -> String {
    let start = "\(rubric): "
    return reason.hasPrefix(start) ? String(reason.dropFirst(start.count)) : reason
  }

  fileprivate var json: JSONValue {
    [
      "commit": .string(commit.hex), "author": .string("\(author.name) <\(author.email)>"),
      "date": .string(author.date), "subject": .string(subject), "kind": .string(kind.rawValue),
      "proposer": ["author": .string(proposer.author.rawValue), "name": .string(proposer.name)],
      "edit": edit?.json ?? .null, "rationale": .string(edit?.rationale ?? ""),
      "recorded": .bool(isRecorded), "boundary": .bool(isBoundary),
    ]
  }
}

extension String {
  /// The text, its end replaced by `…` where it is longer than `width` characters.
  func shortened(to width: Int) -> String { count > width ? prefix(width - 1) + "…" : self }

  /// The text with spaces after it, up to `width` characters.
  fileprivate func filled(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  /// The text without what a terminal would obey, line by line.
  fileprivate var printableLines: String {
    split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
      .joined(separator: "\n")
  }
}
