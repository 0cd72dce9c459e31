import ArgumentParser
internal import Glibc
import RubricStore

/// What every command takes.
struct OutputOptions: ParsableArguments {
  @Flag(help: "Answer in JSON")
  var json = false

  @Option(help: "Colour the output: auto, always, never, debug")
  var color: ColorChoice = .auto

  @Flag(help: "Do not use a pager")
  var noPager = false
}

/// Where the store is.
struct StoreOptions: ParsableArguments {
  @Option(
    name: .customShort("C"),
    help: ArgumentHelp("Work as if started in this folder", valueName: "dir"))
  var directory: String?

  /// Opens the repository of the current folder, or of a folder above it.
  func open() throws -> Store { try Store.open(".") }

  /// Goes to the folder, for commands that do not open a store.
  func enter() throws {
    guard let directory, chdir(directory) != 0 else { return }
    throw InputError("cannot go to `\(directory)`: \(String(cString: strerror(errno)))")
  }
}

/// A command of rubricctl: it does its work, and what it throws is told in a sentence.
protocol Performing: ParsableCommand {
  var output: OutputOptions { get }
  var directory: String? { get }
  /// Whether it asks a language model.
  var asksModel: Bool { get }

  /// Does the command's work.
  ///
  /// - Returns: The exit status: 0, or 1 where the answer is "differs" or "invalid".
  func perform(_ terminal: Terminal) throws -> Int32
}

extension Performing {
  var directory: String? { nil }
  var asksModel: Bool { false }

  func run() throws {
    if asksModel {
      do { try ModelPart.becomeAble() } catch {
        Failure.report(error, color: output.color)
        throw ExitCode(2)
      }
    }
    if let directory, chdir(directory) != 0 {
      Failure.report(
        InputError("cannot go to `\(directory)`: \(String(cString: strerror(errno)))"),
        color: output.color)
      throw ExitCode(2)
    }
    let terminal = Terminal(color: output.color, usesPager: !output.noPager && !output.json)
    let status: Int32
    do {
      status = try perform(terminal)
      terminal.close()
    } catch let error as ValidationError {
      throw error
    } catch let error as ExitCode {
      throw error
    } catch {
      terminal.close()
      Failure.report(error, color: output.color)
      throw ExitCode(2)
    }
    if status != 0 { throw ExitCode(status) }
  }
}

extension CriterionID: ExpressibleByArgument {
  /// Creates an id from a word of the command line.
  public init?(argument: String) { self.init(rawValue: argument) }
}

extension RubricID: ExpressibleByArgument {
  /// Creates an id from a word of the command line.
  public init?(argument: String) { self.init(rawValue: argument) }
}
