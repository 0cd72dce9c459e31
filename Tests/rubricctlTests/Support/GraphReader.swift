/// Reads a drawing of commits, as `log --graph --oneline` makes it, back into who is whose parent.
///
/// It knows nothing of how the drawing was made: it follows each line down, character by character.
struct GraphReader {
  struct Edge: Hashable {
    var child: String
    var parent: String
  }

  struct Failure: Error, CustomStringConvertible {
    var row: Int
    var reason: String
    var description: String { "row \(row + 1): \(reason)" }
  }

  private(set) var edges: Set<Edge> = []
  private(set) var commits: [String] = []
  /// The children whose line stands at a position.
  private var lines: [Int: Set<String>] = [:]
  /// The commit of the row before, and the positions that its further lines may leave from.
  private var fresh: (name: String, position: Int, dashes: Set<Int>)?
  /// A line that goes behind others, and where it is.
  private var hidden: (children: Set<String>, position: Int)?

  /// Reads a drawing; a commit is named by what stands after `*` and its line's spaces.
  init(_ text: String) throws {
    for (index, line) in text.split(separator: "\n").enumerated() {
      let row = Array(line)
      if let position = row.firstIndex(of: "*") {
        let end = row.indices.first { !"*|/\\_-. ".contains(row[$0]) } ?? row.endIndex
        let name = String(row[end...].prefix { $0 != " " })
        try commit(Array(row[..<end]), at: position, name, index)
      } else {
        try move(row, index)
      }
    }
    if hidden != nil { throw Failure(row: 0, reason: "a line ends behind others") }
  }

  private func at(_ row: [Character], _ position: Int) -> Character {
    row.indices.contains(position) ? row[position] : " "
  }

  private mutating func surface() {
    if let hidden { lines[hidden.position, default: []].formUnion(hidden.children) }
    hidden = nil
  }

  private mutating func commit(
    _ row: [Character], at position: Int, _ name: String, _ index: Int
  ) throws {
    surface()
    if let before = fresh, at(row, before.position) == "|" || before.position == position {
      lines[before.position] = [before.name]
    }
    commits.append(name)
    for (place, children) in lines {
      if place == position {
        for child in children { edges.insert(Edge(child: child, parent: name)) }
      } else if at(row, place) != "|" {
        throw Failure(row: index, reason: "the line at \(place) is lost")
      }
    }
    for place in row.indices where row[place] == "|" && lines[place] == nil {
      throw Failure(row: index, reason: "a line at \(place) comes from nowhere")
    }
    lines[position] = nil
    var dashes: Set<Int> = []
    var place = position + 1
    while "-.".contains(at(row, place)) {
      dashes.insert(place)
      place += 1
    }
    fresh = (name, position, dashes)
  }

  private mutating func move(_ row: [Character], _ index: Int) throws {
    // A slant beside a line that stays is where a hidden line comes out.
    let landing = row.indices.first { place in
      row[place] == "/" && at(row, place + 1) == "|" && lines[place + 1] != nil
    }
    var moved: [Int: Set<String>] = [:]
    if let landing {
      guard let line = hidden, landing < line.position else {
        throw Failure(row: index, reason: "a slant at \(landing) comes from nowhere")
      }
      moved[landing - 1] = line.children
      hidden = nil
    } else {
      surface()
    }
    if let commit = fresh {
      let position = commit.position
      if at(row, position) == "|" || at(row, position - 1) == "/" {
        lines[position] = [commit.name]
      }
      for place in [position] + commit.dashes.sorted()
      where at(row, place + 1) == "\\" && place % 2 == 0 {
        moved[place + 2, default: []].insert(commit.name)
      }
      fresh = nil
    }
    var used: Set<Int> = []
    for (place, children) in lines.sorted(by: { $0.key < $1.key }) {
      if at(row, place) == "|" {
        moved[place, default: []].formUnion(children)
      } else if at(row, place + 1) == "\\" {
        moved[place + 2, default: []].formUnion(children)
      } else if at(row, place - 1) == "/", used.insert(place - 1).inserted {
        if at(row, place - 2) == "|" {
          hidden = (children, place - 2)
        } else {
          moved[place - 2, default: []].formUnion(children)
        }
      } else {
        throw Failure(row: index, reason: "the line at \(place) is lost")
      }
    }
    lines = moved
  }
}
