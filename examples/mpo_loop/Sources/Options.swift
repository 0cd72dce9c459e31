/// What the command line asks for.
struct Options {
  enum Request {
    case run(Options)
    case help(String)
    case wrong(String)
  }

  var setup = Setup()
  /// Whether the exit status says if the claims hold.
  var checks = false
  /// Where the first seed's store is kept.
  var keep: String?
  /// The folder for plots.
  var plots: String?

  static let help = """
    Trains a small policy against a fixed rubric and against one that meta-updates mend.

    usage: mpo-loop [options]

      --seeds N         how many seeds (20)
      --first-seed N    the first of them (1)
      --updates N       updates of the policy (400)
      --batch N         responses in an update (32)
      --interval N      updates between two meta-updates (20)
      --gold-share X    share of responses that a person marks, 0 to 1 (0.25)
      --gold-noise X    scatter of a person's marks, as a share of the scale (0.05)
      --judge-noise X   scatter of the judge's verdicts, as a share of the scale (0.08)
      --learning-rate X step of the policy, 0 to 1 (0.15)
      --rubric FILE     the rubric to start from, instead of the built-in one
      --plots DIR       write mpo-loop.svg and mpo-loop.csv there
      --keep DIR        keep the store of the first seed there, an empty folder or none yet
      --check           exit with 1 where a claim does not hold
      --help            show this
    """

  static func read(_ arguments: [String]) -> Request {
    var options = Options()
    var rest = arguments[...]
    while let name = rest.popFirst() {
      if name == "--help" || name == "-h" { return .help(help) }
      if name == "--check" {
        options.checks = true
        continue
      }
      guard let value = rest.popFirst() else {
        return .wrong(
          name.hasPrefix("--") ? "\(name) needs a value, or is no option" : "found “\(name)”")
      }
      guard let problem = options.set(name, value) else { continue }
      return .wrong(problem)
    }
    return .run(options)
  }

  /// - Returns: What is wrong, nil for nothing.
  private mutating func set(_ name: String, _ value: String) -> String? {
    func count(_ path: WritableKeyPath<Setup, Int>) -> String? {
      guard let number = Int(value), (1...1_000_000).contains(number) else {
        return "\(name) is “\(value)”, expected a whole number from 1 to 1000000"
      }
      setup[keyPath: path] = number
      return nil
    }
    func share(_ path: WritableKeyPath<Setup, Double>) -> String? {
      guard let number = Double(value), (0...1).contains(number) else {
        return "\(name) is “\(value)”, expected a number from 0 to 1"
      }
      setup[keyPath: path] = number
      return nil
    }
    switch name {
    case "--seeds": return count(\.seeds)
    case "--first-seed":
      guard let number = UInt64(value), number <= 1_000_000_000 else {
        return "--first-seed is “\(value)”, expected a whole number from 0 to 1000000000"
      }
      setup.firstSeed = number
    case "--updates": return count(\.updates)
    case "--batch": return count(\.batch)
    case "--interval": return count(\.interval)
    case "--gold-share": return share(\.goldShare)
    case "--gold-noise": return share(\.marker.noise)
    case "--judge-noise": return share(\.judge.noise)
    case "--learning-rate": return share(\.policy.rate)
    case "--rubric":
      guard let text = Output.read(value) else { return "\(value) cannot be read" }
      setup.rubric = text
    case "--plots": plots = value
    case "--keep": keep = value
    default: return "there is no option \(name)"
    }
    return nil
  }
}
