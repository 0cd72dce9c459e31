import Testing

@testable import MetaEditor

@Suite struct CallGateTests {
  @Test func letsThroughInTheOrderOfArrival() async throws {
    let gate = CallGate(width: 1, calls: nil, tokens: nil)
    try await gate.enter(tokens: 1)
    let order = Collected<Int>()
    var tasks: [Task<Void, any Error>] = []
    for number in 0..<50 {
      tasks.append(
        Task {
          try await gate.enter(tokens: 1)
          order.add(number)
          gate.leave(reserved: 1, used: 1)
        })
      while gate.counts.waiting < number + 1 { await Task.yield() }
    }
    // Every third goes away while it waits.
    for number in stride(from: 0, to: 50, by: 3) {
      tasks[number].cancel()
      await #expect(throws: CancellationError.self) { try await tasks[number].value }
    }
    gate.leave(reserved: 1, used: 1)
    for number in 0..<50 where number % 3 != 0 { try await tasks[number].value }
    #expect(order.all == (0..<50).filter { $0 % 3 != 0 })
    #expect(gate.counts == (34, 0, 0))
  }

  @Test func whoIsCancelledBeforeDoesNotEnter() async throws {
    let gate = CallGate(width: 1, calls: nil, tokens: nil)
    try await gate.enter(tokens: 0)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      try await gate.enter(tokens: 0)
    }
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    gate.leave(reserved: 0, used: 0)
    try await gate.enter(tokens: 0)
    #expect(gate.counts == (2, 1, 0))
  }

  @Test func aLargeCallThatLeavesTheQueueLetsSmallOnesThrough() async throws {
    let gate = CallGate(width: 4, calls: nil, tokens: 100)
    try await gate.enter(tokens: 60)
    let large = Task { try await gate.enter(tokens: 90) }
    while gate.counts.waiting < 1 { await Task.yield() }
    let small = Task { try await gate.enter(tokens: 10) }
    while gate.counts.waiting < 2 { await Task.yield() }
    large.cancel()
    await #expect(throws: CancellationError.self) { try await large.value }
    try await small.value
    #expect(gate.counts.inFlight == 2)
  }

  @Test func whatIsUsedIsNotGivenBack() async throws {
    let gate = CallGate(width: 4, calls: nil, tokens: 100)
    try await gate.enter(tokens: 60)
    gate.leave(reserved: 60, used: 20)
    try await gate.enter(tokens: 80)
    gate.leave(reserved: 80, used: 70)
    await #expect(throws: ProposerError(.exhausted, "")) { try await gate.enter(tokens: 11) }
    try await gate.enter(tokens: 10)
  }

  @Test func closingTurnsAwayAllWhoWait() async throws {
    let gate = CallGate(width: 1, calls: nil, tokens: nil)
    try await gate.enter(tokens: 0)
    let tasks = (0..<10).map { _ in Task { try await gate.enter(tokens: 0) } }
    while gate.counts.waiting < 10 { await Task.yield() }
    gate.close(ProposerError(.denied, "first"))
    gate.close(ProposerError(.denied, "second"))
    for task in tasks {
      let error = await #expect(throws: ProposerError.self) { try await task.value }
      #expect(error?.message == "first")
    }
    gate.leave(reserved: 0, used: 0)
    await #expect(throws: ProposerError(.denied, "")) { try await gate.enter(tokens: 0) }
  }

  @Test func keepsCountWhateverHappens() async throws {
    var random = TestRandom(1)
    for _ in 0..<20 {
      let width = Int.random(in: 1...4, using: &random)
      let gate = CallGate(width: width, calls: nil, tokens: 1_000_000)
      var tasks: [Task<Void, Never>] = []
      for _ in 0..<60 {
        let yields = Int.random(in: 0..<4, using: &random)
        let task = Task {
          do {
            try await gate.enter(tokens: 7)
            #expect(gate.counts.inFlight <= width)
            for _ in 0..<yields { await Task.yield() }
            gate.leave(reserved: 7, used: 3)
          } catch {}
        }
        if Bool.random(using: &random) { task.cancel() }
        tasks.append(task)
      }
      for task in tasks { await task.value }
      #expect(gate.counts.inFlight == 0, "seed \(TestRandom.seed)")
      #expect(gate.counts.waiting == 0, "seed \(TestRandom.seed)")
    }
  }
}
