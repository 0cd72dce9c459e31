public import MetaEditor
internal import RubricStore

/// Checks that a proposer keeps what ``MetaEditor/Proposer`` promises.
///
/// It asks the proposer about each scenario and looks at what comes back. It needs no test framework:
///
/// ```swift
/// #expect(await ProposerConformance.violations(of: MyProposer()) == [])
/// ```
///
/// | check | what it asks for |
/// |---|---|
/// | `name` | a name of one line, without control characters |
/// | `answer` | a proposal for every scenario, not an error |
/// | `applies` | edits that the engine makes, as the meta-editor: `before` matches, the ids are there, the result is valid |
/// | `pins` | nothing pinned is touched |
/// | `evidence` | no edit from fewer rollouts than the policy asks for |
/// | `budget` | no more edits than the policy lets one update make |
/// | `names` | each edit names only rollouts of its evidence, each once |
/// | `support` | a support of no more than the rollouts there are, and no less than are named |
/// | `rationale` | a reason for the proposal and for each edit |
/// | `injection` | nothing that a rollout says gets into the rubric |
/// | `repeats` | the same proposal again, where the proposer says that it is deterministic |
/// | `order` | the same proposal for the same records in another order, where it says so too |
/// | `cancellation` | `CancellationError`, soon, in a task that is cancelled |
///
/// - SeeAlso: SPEC.md §14.
public enum ProposerConformance {
  /// Runs every check on `proposer`.
  ///
  /// - Parameters:
  ///   - proposer: The proposer.
  ///   - scenarios: What it is asked.
  ///   - patience: How long a cancelled task may take to end.
  /// - Returns: What it does not keep, a sentence each, which begins with the check's name; none where
  ///   it conforms.
  /// - Complexity: Two or three proposals a scenario.
  public static func violations(
    of proposer: any Proposer, in scenarios: [ConformanceScenario] = ConformanceScenario.all,
    patience: Duration = .seconds(30)
  ) async -> [String] {
    var violations: [String] = []
    if let fault = ProposalCheck.fault(ofName: proposer.name) {
      violations.append("name: \(fault)")
    }
    for scenario in scenarios {
      let request = scenario.request()
      let proposal: Proposal
      do {
        proposal = try await proposer.propose(request)
      } catch {
        violations.append("answer: \(place(scenario)) it threw \(error)")
        continue
      }
      for (check, fault) in ProposalCheck(proposal, to: request, in: scenario).faults {
        violations.append("\(check): \(place(scenario)) \(fault)")
      }
      guard proposer.isDeterministic else { continue }
      for (check, again) in [
        ("repeats", request), ("order", scenario.request(reversed: true)),
      ] {
        let other = try? await proposer.propose(again)
        guard let other, other.isSame(as: proposal) else {
          let what = check == "repeats" ? "the same request" : "the same records in another order"
          violations.append(
            "\(check): \(place(scenario)) \(what) got another proposal, and the proposer says that "
              + "it is deterministic")
          continue
        }
      }
    }
    if let scenario = scenarios.first(where: { !$0.records.isEmpty }) {
      violations += await cancellation(of: proposer, scenario, patience)
    }
    return violations
  }

  private static func place(_ scenario: ConformanceScenario) -> String {
    "in the scenario \"\(scenario.name)\""
  }

  /// How a proposal in a task that is cancelled from the start ended.
  private enum Ending: Sendable {
    case cancelled, proposed, late
    case failed(String)
  }

  private static func cancellation(
    of proposer: any Proposer, _ scenario: ConformanceScenario, _ patience: Duration
  ) async -> [String] {
    let request = scenario.request()
    let (endings, end) = AsyncStream.makeStream(of: Ending.self)
    let task = Task {
      // It is asked only once it is cancelled, so that it is no race.
      while !Task.isCancelled { await Task.yield() }
      do {
        _ = try await proposer.propose(request)
        end.yield(.proposed)
      } catch is CancellationError {
        end.yield(.cancelled)
      } catch {
        end.yield(.failed("\(error)"))
      }
    }
    task.cancel()
    // Not a child task: one that never ends must not be waited for.
    let clock = Task {
      try await Task.sleep(for: patience)
      end.yield(.late)
    }
    defer { clock.cancel() }
    var iterator = endings.makeAsyncIterator()
    let start = "cancellation: in a task that is cancelled it"
    switch await iterator.next() {
    case .cancelled, nil: return []
    case .proposed: return ["\(start) went on to propose, expected a CancellationError"]
    case .failed(let error): return ["\(start) threw \(error), expected a CancellationError"]
    case .late: return ["\(start) did not end within \(patience)"]
    }
  }
}

extension Proposal {
  /// Whether both propose the same for the same reasons.
  fileprivate func isSame(as other: Proposal) -> Bool {
    edits == other.edits && rationale == other.rationale && observations == other.observations
      && refused == other.refused && provenance == other.provenance
  }
}
