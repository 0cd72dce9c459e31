import ArgumentParser
import MetaEditor
import RubricStore

/// Where evidence is, and how much of it is kept.
struct EvidenceOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "Graded rollouts, JSON lines; - for standard input (can be repeated)", valueName: "file"))
  var evidence: [String]

  @Option(
    help: ArgumentHelp(
      "Keep at most this many rollouts for what is not a count", valueName: "n"))
  var sample = Evidence.Settings().sample

  @Flag(help: "Pass over lines that are no evidence, and tell how many there were")
  var skipInvalid = false

  func validate() throws {
    guard sample >= 1 else { throw ValidationError("--sample is 1 or more") }
    guard !evidence.isEmpty else { throw ValidationError("--evidence names no file") }
    guard evidence.count(where: { $0 == "-" }) <= 1 else {
      throw ValidationError("standard input can be read once")
    }
  }

  /// Reads the evidence about a rubric.
  ///
  /// - Throws: `SyntaxError` for a line that is no evidence, unless those are skipped; `InputError`
  ///   where no record was graded under the rubric.
  func gather(_ pin: Pin, in store: Store, _ terminal: Terminal) throws -> Evidence {
    var gatherer = store.evidenceGatherer(
      of: pin, settings: Evidence.Settings(sample: sample))
    var skipped = 0
    for path in evidence {
      try FileInput.lines(path) { line, number in
        do throws(SyntaxError) {
          try gatherer.add(line: line, number: number)
        } catch {
          guard skipInvalid else {
            throw SyntaxError(file: path == "-" ? "standard input" : path, findings: error.findings)
          }
          skipped += 1
        }
      }
    }
    let evidence = gatherer.gathered
    if skipped > 0 {
      Terminal.writeError(
        terminal.theme.paint("warning:", .warning)
          + " \(skipped) \(skipped == 1 ? "line is" : "lines are") no evidence and left out\n")
    }
    guard evidence.count > 0 else { throw Self.nothing(of: pin, evidence) }
    if evidence.otherCount > 0 {
      Terminal.writeError(
        terminal.theme.paint("note:", .hint)
          + " \(evidence.otherCount) of \(evidence.count + evidence.otherCount) records were graded "
          + "under other versions and are left out: \(Self.names(of: evidence))\n")
    }
    return evidence
  }

  private static func nothing(of pin: Pin, _ evidence: Evidence) -> InputError {
    guard evidence.otherCount > 0 else {
      return InputError(
        "the evidence holds no graded rollouts", hint: "`rubricctl judge` grades rollouts")
    }
    return InputError(
      "none of the \(evidence.otherCount) records was graded under "
        + "\(pin.rubric.id)@\(pin.commit.prefix(12)); they name \(names(of: evidence))",
      hint: "judge the rollouts again under this version: `rubricctl judge`")
  }

  private static func names(of evidence: Evidence) -> String {
    let sorted = evidence.otherVersions.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let shown = sorted.prefix(3).map { "\($0.key.prefix(24).description.printable) (\($0.value))" }
    return shown.joined(separator: ", ") + (sorted.count > 3 ? ", …" : "")
  }
}
