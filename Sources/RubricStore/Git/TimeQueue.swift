/// A queue that gives out what is newest, and of equally new things the one that came first.
struct TimeQueue<Element: Sendable>: Sendable {
  private struct Item: Sendable {
    var seconds: Int64
    /// How many came before.
    var order: Int
    var element: Element

    func precedes(_ other: Item) -> Bool {
      seconds == other.seconds ? order < other.order : seconds > other.seconds
    }
  }

  // A binary heap.
  private var items: [Item] = []
  private var added = 0

  /// The time of what comes next.
  var nextSeconds: Int64? { items.first?.seconds }

  mutating func push(_ element: Element, at seconds: Int64) {
    items.append(Item(seconds: seconds, order: added, element: element))
    added += 1
    var index = items.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard items[index].precedes(items[parent]) else { break }
      items.swapAt(index, parent)
      index = parent
    }
  }

  mutating func pop() -> Element? {
    guard let last = items.popLast() else { return nil }
    guard let first = items.first else { return last.element }
    items[0] = last
    var index = 0
    while true {
      var best = index
      for child in [2 * index + 1, 2 * index + 2] where child < items.count {
        if items[child].precedes(items[best]) { best = child }
      }
      if best == index { return first.element }
      items.swapAt(index, best)
      index = best
    }
  }
}
