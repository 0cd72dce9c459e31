import Foundation

/// A place where threads wait until there are enough of them.
final class Meeting: @unchecked Sendable {
  // What can change is only touched with the condition locked.
  private let condition = NSCondition()
  private let size: Int
  private var present = 0
  private var rounds = 0

  init(of size: Int) { self.size = size }

  func join() {
    condition.lock()
    defer { condition.unlock() }
    let round = rounds
    present += 1
    if present == size {
      present = 0
      rounds += 1
      condition.broadcast()
    }
    while rounds == round { condition.wait() }
  }
}
