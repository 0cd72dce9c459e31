internal import CLibGit2

/// Answers what a server asks while it is talked to: never by asking a person.
final class ServerAnswer {
  private var asked = 0

  /// Puts the answers into libgit2's options; they live as long as this object.
  func install(in callbacks: inout git_remote_callbacks) {
    callbacks.payload = Unmanaged.passUnretained(self).toOpaque()
    callbacks.credentials = { out, _, user, allowed, payload in
      guard let payload else { return GIT_EAUTH.rawValue }
      return Unmanaged<ServerAnswer>.fromOpaque(payload).takeUnretainedValue()
        .credentials(out, user, allowed)
    }
  }

  private func credentials(
    _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?,
    _ user: UnsafePointer<CChar>?, _ allowed: CUnsignedInt
  ) -> CInt {
    if allowed & GIT_CREDENTIAL_SSH_KEY.rawValue != 0 {
      guard let user else { return refuse("the URL names no user, as ssh://git@HOST/PATH does") }
      // libgit2 asks again and again where an answer was of no use.
      guard asked == 0 else {
        return refuse("the server takes none of the keys that ssh-agent has; `ssh-add` adds one")
      }
      asked += 1
      return git_credential_ssh_key_from_agent(out, user)
    }
    if allowed & GIT_CREDENTIAL_USERNAME.rawValue != 0 {
      return refuse("the URL names no user, as ssh://git@HOST/PATH does")
    }
    return refuse(
      "the server wants a name and a password, and the URL has none that it takes; "
        + "write https://NAME:TOKEN@HOST/PATH, or clone with git and open the folder")
  }

  private func refuse(_ reason: String) -> CInt {
    git_error_set_str(CInt(GIT_ERROR_CALLBACK.rawValue), reason)
    return GIT_EAUTH.rawValue
  }
}
