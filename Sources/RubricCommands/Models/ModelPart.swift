internal import Glibc
import MetaEditor
import Synchronization

/// What asks language models, which only `rubricctl-model` is linked with.
///
/// Loading what speaks HTTP takes longer than most commands run. So `rubricctl` does without, and a
/// command that asks a model becomes `rubricctl-model`, the same commands with that part, as git
/// leaves http to `git-remote-http`.
enum ModelPart {
  private struct State {
    var support: (any ModelSupport)?
    var arguments: [String] = []
  }

  private static let state = Mutex(State())
  static let program = "rubricctl-model"

  /// Notes at the start what the program has, and what it was called with in the current folder.
  static func begin(_ support: (any ModelSupport)?, arguments: [String]) {
    state.withLock { $0 = State(support: support, arguments: arguments) }
  }

  /// The part that asks models.
  ///
  /// - Throws: `InputError` in a program without it.
  static func support() throws -> any ModelSupport {
    guard let support = state.withLock({ $0.support }) else {
      throw InputError(
        "this program was built without the part that asks models",
        hint: "build it with the package trait Networking, which is on by default")
    }
    return support
  }

  /// Goes on as the program that can ask models, unless this is one.
  ///
  /// - Throws: `InputError` where that program is neither beside this one nor on the PATH.
  static func becomeAble() throws {
    let (isAble, arguments) = state.withLock { ($0.support != nil, $0.arguments) }
    let own = try OwnProgram().path
    guard !isAble, !own.hasSuffix("/\(program)") else { return }
    var places: [String] = []
    if let slash = own.lastIndex(of: "/") { places.append(String(own[...slash]) + program) }
    for folder in (Environment["PATH"] ?? "").split(separator: ":") where folder.hasPrefix("/") {
      places.append("\(folder)/\(program)")
    }
    guard let place = places.first(where: { access($0, X_OK) == 0 }) else {
      throw InputError(
        "`\(program)`, the part that asks models, is neither beside this program nor on the PATH",
        hint: "`swift build` makes both; install them into one folder")
    }
    var words = ([program] + arguments).map { strdup($0) }
    words.append(nil)
    execv(place, words)
    throw InputError("cannot run `\(place)`: \(String(cString: strerror(errno)))")
  }
}
