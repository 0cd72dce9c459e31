internal import Glibc
internal import Synchronization

/// A folder where pins are kept, so that other processes need no repository to pull them again.
///
/// Each pin is a file with the bytes of the commit, of its trees and of the rubric, and is checked
/// against the commit's hash whenever it is read: what somebody changed, or a crash cut short, is
/// never taken for the rubric. Any number of processes may use a folder at once. Its files may be
/// deleted at any time; nothing else ever deletes them.
///
/// - SeeAlso: ``Store/open(_:discovering:cache:)``, which pulls through such a folder.
public struct PinFolder: Sendable {
  /// The folder.
  public let path: String

  private static let counter = Atomic<UInt64>(0)

  /// Names a folder, which need not be there.
  public init(_ path: String) { self.path = path }

  /// Throws for what can be no path, before anything is done.
  static func check(_ path: String?) throws(StoreError) {
    guard let path, path.isEmpty || path.holdsNUL else { return }
    throw StoreError(.invalidName, "\(quoted(path)) is no path of a folder for pins")
  }

  /// A folder to keep pins in, made unless it is there; nil for nil.
  static func made(at path: String?) throws(StoreError) -> PinFolder? {
    try check(path)
    guard let path else { return nil }
    return try inGit { () throws(GitError) in
      var made: [String] = []
      do throws(GitError) {
        try FileDescriptor.makeFolder(path, &made)
        var state = stat()
        // The process may go to another folder, and the pins stay where they are.
        guard let resolved = realpath(path, nil) else { throw .system("realpath", path) }
        defer { free(resolved) }
        guard stat(resolved, &state) == 0 else { throw .system("stat", path) }
        guard state.st_mode & S_IFMT == S_IFDIR else {
          throw GitError(
            .io, operation: "stat",
            message: "\(quoted(path)) is no folder that pins could be kept in")
        }
        return PinFolder(String(cString: resolved))
      } catch {
        for folder in made.reversed() { rmdir(folder) }
        throw error
      }
    }
  }

  /// Pulls a rubric from the folder alone.
  ///
  /// - Parameter text: `RUBRIC@HASH` with the commit's full hash; `@HASH` for its only rubric.
  /// - Returns: The rubric.
  /// - Throws: ``StoreError`` with code ``StoreError/Code/notFound`` if it is not kept,
  ///   ``StoreError/Code/corrupt`` if its file is not what the hash says,
  ///   ``StoreError/Code/invalidName`` for what is no full hash, or ``StoreError/Code/ambiguous``.
  public func pull(_ text: String) throws(StoreError) -> Pin {
    let at = text.firstIndex(of: "@")
    let name = at.map { text[..<$0] } ?? ""
    let hash = at.map { text[text.index(after: $0)...] } ?? text[...]
    guard let commit = ObjectID(hex: hash) else {
      throw StoreError(
        .invalidName, "\(quoted(text)) does not name a commit by its full hash",
        hint: "a folder of pins knows no branches: write RUBRIC@ and 40 hexadecimal digits")
    }
    guard !name.isEmpty else { return try pullOnly(at: commit) }
    guard let rubric = RubricID(rawValue: String(name)) else {
      throw StoreError(
        .invalidName, "\(NodeReader.quote(String(name))) is no rubric id",
        hint: "an id is \(RubricID.rule)")
    }
    return try pull(rubric, at: commit)
  }

  private func pull(_ rubric: RubricID, at commit: ObjectID) throws(StoreError) -> Pin {
    guard let pin = try read(rubric, at: commit) else {
      throw StoreError(
        .notFound, "\(quoted(path)) does not keep `\(rubric)` at \(commit.prefix(12))",
        hint: "a store that is opened with this folder puts there what it pulls")
    }
    return pin
  }

  /// The only rubric of a commit, as any proof of the commit tells.
  private func pullOnly(at commit: ObjectID) throws(StoreError) -> Pin {
    var kept: [RubricID] = []
    if let listing = opendir(path) {
      defer { closedir(listing) }
      while let entry = readdir(listing) {
        let name = String(decoding: entry.nameBytes, as: UTF8.self)
        guard name.hasPrefix(commit.hex + "-"), name.hasSuffix(Self.ending) else { continue }
        let id = name.dropFirst(ObjectID.digitCount + 1).dropLast(Self.ending.utf8.count)
        if let id = RubricID(rawValue: String(id)) { kept.append(id) }
      }
    }
    // Any proof that holds tells the commit's rubrics; a file that is none hides no other.
    var damage: StoreError?
    for rubric in kept.sorted() {
      let proof: PinProof
      do throws(StoreError) {
        guard let found = try self.proof(of: rubric, at: commit) else { continue }
        proof = found
      } catch {
        damage = damage ?? error
        continue
      }
      guard let only = proof.rubrics.first, proof.rubrics.count == 1 else {
        throw StoreError(
          .ambiguous, "the commit \(commit.prefix(12)) holds \(proof.rubrics.count) rubrics",
          hint: "name one of \(Suggestion.list(proof.rubrics.prefix(10).map(\.rawValue)))")
      }
      guard !KeptMerge.isKept(proof.message) else {
        throw StoreError(
          .unfinishedMerge, "\(commit.prefix(12)) is a merge that is not finished")
      }
      return try pull(only, at: commit)
    }
    throw damage
      ?? StoreError(
        .notFound, "\(quoted(path)) keeps nothing of \(commit.prefix(12))",
        hint: "a store that is opened with this folder puts there what it pulls")
  }

  /// A pin that is kept whole; nil also for one that is damaged, and for a folder that cannot be read.
  func kept(_ rubric: RubricID, at commit: ObjectID) -> Pin? { try? read(rubric, at: commit) }

  private func read(_ rubric: RubricID, at commit: ObjectID) throws(StoreError) -> Pin? {
    guard let proof = try proof(of: rubric, at: commit) else { return nil }
    let source = try Rubric.source(proof.text, of: rubric, at: commit)
    return Pin(commit: commit, rubric: source.rubric, text: proof.text)
  }

  /// Reads a proof and checks it; nil where there is none.
  private func proof(of rubric: RubricID, at commit: ObjectID) throws(StoreError) -> PinProof? {
    guard let name = Self.name(rubric, commit) else { return nil }
    let shown = path + "/" + name
    return try inGit { () throws(GitError) in
      // Non-blocking, so that a pipe of that name does not hold the reader up.
      let raw = open(shown, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard raw >= 0 else {
        let number = errno
        if number == ENOENT || number == ENOTDIR { return nil }
        if number == ELOOP { throw Self.damaged(shown) }
        throw .system(number, "open", shown)
      }
      let file = FileDescriptor(owning: raw)
      var state = stat()
      guard fstat(raw, &state) == 0 else { throw .system("fstat", shown) }
      guard state.st_mode & S_IFMT == S_IFREG, state.st_size <= PinProof.fileBytes else {
        throw Self.damaged(shown)
      }
      let bytes = try file.readAll(limit: PinProof.fileBytes, shown: shown)
      guard let proof = PinProof(bytes, of: rubric, at: commit), try proof.holds() else {
        throw Self.damaged(shown)
      }
      return proof
    }
  }

  private static func damaged(_ file: String) -> GitError {
    GitError(
      .corrupt, operation: "open", message: "\(file) is not what its commit's hash says")
  }

  /// Puts a proof in its place in one step: a reader sees all of it or nothing.
  func keep(_ proof: PinProof) throws(StoreError) {
    guard let name = Self.name(proof.rubric, proof.commit) else { return }
    try inGit { () throws(GitError) in
      let isFlushing = GitLibrary.flushesToDisk
      let folder = try FileDescriptor.folder(path)
      var temporary = ""
      let file = try Self.createTemporary(in: folder, &temporary, shown: path)
      do throws(GitError) {
        try file.writeAll(proof.fileText, shown: path, flushing: isFlushing)
        guard renameat(folder.raw, temporary, folder.raw, name) == 0 else {
          throw .system("renameat", path)
        }
      } catch {
        _ = unlinkat(folder.raw, temporary, 0)
        throw error
      }
      if isFlushing { try folder.flush(shown: path) }
    }
  }

  private static let ending = ".pin"

  /// The file of a pin; nil for an id that was made without being checked.
  private static func name(_ rubric: RubricID, _ commit: ObjectID) -> String? {
    guard RubricID(rawValue: rubric.rawValue) != nil else { return nil }
    return "\(commit.hex)-\(rubric)\(ending)"
  }

  /// Creates a file of a new name in a folder.
  private static func createTemporary(
    in folder: borrowing FileDescriptor, _ temporary: inout String, shown: String
  ) throws(GitError) -> FileDescriptor {
    for _ in 0..<100 {
      let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
      temporary = ".pin-\(getpid())-\(number).tmp"
      let raw = openat(
        folder.raw, temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
      if raw >= 0 { return FileDescriptor(owning: raw) }
      // A process of the same number, on another machine or before, may have it.
      if errno != EEXIST { throw .system("openat", shown) }
    }
    throw GitError(
      .exists, operation: "openat", message: "no temporary file can be made in \(shown)")
  }
}

extension Store {
  /// Puts what was pulled into the folder of pins, if there is one.
  ///
  /// A folder that cannot be written to costs other processes time, and nobody the rubric: so it is
  /// no error.
  func keepInFolder(_ pin: Pin) {
    guard let pinFolder else { return }
    guard
      let proof = try? withGit({ repository throws(GitError) in
        try repository.proof(of: pin.rubric.id, at: pin.commit, text: pin.text)
      })
    else { return }
    try? pinFolder.keep(proof)
  }
}

extension GitRepository {
  /// The proof of a rubric's file, whose bytes were read and verified.
  fileprivate borrowing func proof(
    of rubric: RubricID, at commit: ObjectID, text: [UInt8]
  ) throws(GitError) -> PinProof? {
    let commitBytes = try bytes(of: commit, .commit, limit: GitLimits.commitBytes)
    guard let root = PinProof.tree(ofCommit: commitBytes) else { return nil }
    let rootBytes = try bytes(of: root, .tree, limit: GitLimits.treeBytes)
    guard let folder = TreeBytes(rootBytes)?[StorePath.folder] else { return nil }
    let folderBytes = try bytes(of: folder.id, .tree, limit: GitLimits.treeBytes)
    let proof = PinProof(
      commit: commit, rubric: rubric, commitBytes: commitBytes, rootBytes: rootBytes,
      folderBytes: folderBytes, text: text)
    guard proof.fileText.count <= PinProof.fileBytes, try proof.holds() else { return nil }
    return proof
  }
}
