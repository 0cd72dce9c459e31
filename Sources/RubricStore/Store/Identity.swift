internal import Glibc

/// Who commits, and when.
public struct Identity: Hashable, Sendable {
  /// The name; one line without angle brackets.
  public var name: String
  /// The address, without angle brackets.
  public var email: String
  /// Seconds since 1970-01-01 00:00 UTC; nil for the time of the commit.
  public var seconds: Int64?
  /// Minutes east of UTC; nil for the machine's time zone.
  public var offsetMinutes: Int?

  /// Creates an identity.
  public init(
    name: String, email: String, seconds: Int64? = nil, offsetMinutes: Int? = nil
  ) {
    self.name = name
    self.email = email
    self.seconds = seconds
    self.offsetMinutes = offsetMinutes
  }

  /// The identity with its time, now where it has none.
  func signature() -> GitSignature {
    let seconds = seconds ?? Clock.now
    return GitSignature(
      name: name, email: email, seconds: seconds,
      offsetMinutes: offsetMinutes ?? Clock.offsetMinutes(at: seconds))
  }
}

/// The machine's clock.
enum Clock {
  /// Seconds since 1970-01-01 00:00 UTC.
  static var now: Int64 { Int64(time(nil)) }

  /// Minutes east of UTC in the machine's time zone.
  static func offsetMinutes(at seconds: Int64) -> Int {
    var time = time_t(seconds)
    var parts = tm()
    guard localtime_r(&time, &parts) != nil else { return 0 }
    return Int(parts.tm_gmtoff) / 60
  }

  /// Waits, the thread with it.
  static func sleep(milliseconds: Double) {
    var wait = timespec(
      tv_sec: Int(milliseconds / 1_000),
      tv_nsec: Int(milliseconds.truncatingRemainder(dividingBy: 1_000) * 1_000_000))
    nanosleep(&wait, nil)
  }
}

/// The part of an identity that git's environment variables set.
enum IdentityRole: String {
  case author = "GIT_AUTHOR"
  case committer = "GIT_COMMITTER"
}

extension GitRepository {
  /// Who commits, found as git finds it: environment variables first, then the configuration.
  ///
  /// `GIT_AUTHOR_DATE` and `GIT_COMMITTER_DATE` are read as seconds with an offset
  /// (`1700000000 +0100`).
  borrowing func identity(_ role: IdentityRole) throws(StoreError) -> Identity {
    let configured = try inGit { () throws(GitError) in try configuredIdentity() }
    let name = Self.environment("\(role.rawValue)_NAME") ?? configured.name
    let email = Self.environment("\(role.rawValue)_EMAIL") ?? configured.email
    guard let name, let email else {
      throw StoreError(
        .noIdentity,
        "git does not know who you are, so that the commit cannot be signed with a name",
        hint:
          "run `git config --global user.name NAME` and `git config --global user.email ADDRESS`,"
          + " or set \(role.rawValue)_NAME and \(role.rawValue)_EMAIL")
    }
    var identity = Identity(name: name, email: email)
    if let date = Self.environment("\(role.rawValue)_DATE") {
      guard let (seconds, offset) = Self.parse(date: date) else {
        throw StoreError(
          .invalidName, "\(role.rawValue)_DATE is \(NodeReader.quote(date))",
          hint: "expected seconds and an offset, such as `1700000000 +0000`")
      }
      identity.seconds = seconds
      identity.offsetMinutes = offset
    }
    return identity
  }

  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name) else { return nil }
    let text = String(cString: value)
    return text.isEmpty ? nil : text
  }

  static func parse(date: String) -> (seconds: Int64, offsetMinutes: Int)? {
    let words = date.split(separator: " ")
    guard let first = words.first, words.count <= 2,
      let seconds = Int64(first.hasPrefix("@") ? first.dropFirst() : first), seconds >= 0
    else { return nil }
    guard words.count == 2 else { return (seconds, 0) }
    let offset = words[1]
    guard offset.utf8.count == 5, let sign = offset.first, sign == "+" || sign == "-",
      let digits = Int(offset.dropFirst()), digits % 100 < 60, digits <= 1400
    else { return nil }
    let minutes = digits / 100 * 60 + digits % 100
    return (seconds, sign == "-" ? -minutes : minutes)
  }
}
