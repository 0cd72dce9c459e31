/// The least elements of a stream, at most as many as fit.
struct BoundedHeap<Element: Comparable> {
  private let capacity: Int
  /// The largest on top.
  private var heap: [Element] = []

  init(capacity: Int) { self.capacity = capacity }

  /// The elements, rising.
  var sorted: [Element] { heap.sorted() }

  /// The greatest element that is kept, where no more fit; nil while any element is taken.
  var largest: Element? { heap.count < capacity ? nil : heap.first }

  mutating func insert(_ element: Element) {
    guard capacity > 0 else { return }
    if heap.count < capacity {
      heap.append(element)
      rise()
    } else if element < heap[0] {
      heap[0] = element
      sink()
    }
  }

  private mutating func rise() {
    var index = heap.count - 1
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[parent] < heap[index] else { return }
      heap.swapAt(parent, index)
      index = parent
    }
  }

  private mutating func sink() {
    var index = 0
    while true {
      var largest = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[largest] < heap[child] { largest = child }
      guard largest != index else { return }
      heap.swapAt(index, largest)
      index = largest
    }
  }
}
