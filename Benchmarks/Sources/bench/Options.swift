import FoundationEssentials

/// What the command line says.
struct Options {
  /// A word that cannot be taken.
  struct Refusal: Error {
    let message: String
  }

  private(set) var data: String
  private(set) var rounds = 15
  private(set) var only: String?
  private(set) var results: String?
  private(set) var profile: String?
  private(set) var seconds = 5.0
  private(set) var isHelp = false

  init(_ words: some Sequence<String>) throws(Refusal) {
    let environment = ProcessInfo.processInfo.environment
    data = environment["RUBRIC_DATA"] ?? environment["BENCH_DATA_DEFAULT"] ?? "../shared/data"
    var named: String?
    var words = words.makeIterator()
    while let word = words.next() {
      if word == "--help" || word == "-h" {
        isHelp = true
        continue
      }
      guard ["--data", "--rounds", "--only", "--results", "--profile", "--seconds"].contains(word)
      else { throw Refusal(message: "there is no option \(word)") }
      guard let value = words.next() else { throw Refusal(message: "\(word) needs a value") }
      switch word {
      case "--data": data = value
      case "--only": only = value
      case "--results": named = value
      case "--profile": profile = value
      case "--rounds":
        guard let number = Int(value), (1...10_000).contains(number) else {
          throw Refusal(message: "--rounds takes a number from 1 to 10000")
        }
        rounds = number
      default:
        guard let number = Double(value), number > 0 else {
          throw Refusal(message: "--seconds takes a number above 0")
        }
        seconds = number
      }
    }
    results = named ?? (only == nil && profile == nil ? environment["BENCH_RESULTS_DEFAULT"] : nil)
  }

  /// Whether measures of a kind of work may be asked for, so that it need not be prepared in vain.
  func mayChoose(_ work: String) -> Bool {
    guard let text = only ?? profile else { return true }
    return text.contains(work) || work.contains(text) || !text.contains(":")
  }

  /// The measures that were asked for, and what they are compared with.
  func chosen(of measures: [Measure]) -> [Measure] {
    guard let only else { return measures }
    let wanted = measures.filter { $0.fullName.contains(only) }
    var others = Set(wanted.compactMap(\.against))
    others.formUnion(measures.filter { others.contains($0.name) }.compactMap(\.against))
    return measures.filter { $0.fullName.contains(only) || others.contains($0.name) }
  }
}
