internal import CLibGit2

/// Git's merge of three texts, line by line.
package enum LineMerge {
  /// Merges two texts.
  ///
  /// - Parameters:
  ///   - base: What both come from; empty where there is nothing.
  ///   - ours: Our side.
  ///   - theirs: Their side.
  ///   - ourName: What our side is called at a conflict.
  ///   - theirName: What their side is called.
  ///   - markerSize: The length of conflict markers; 7 where it is out of 1...1000.
  /// - Returns: The text, with markers where there is a conflict, and whether there is none.
  /// - Throws: ``GitError``.
  package static func merge(
    base: [UInt8], ours: [UInt8], theirs: [UInt8], ourName: String, theirName: String,
    markerSize: Int
  ) throws(GitError) -> (text: [UInt8], isClean: Bool) {
    try GitLibrary.start()
    var options = git_merge_file_options()
    try git("git_merge_file_options_init") {
      git_merge_file_options_init(&options, CUnsignedInt(GIT_MERGE_FILE_OPTIONS_VERSION))
    }
    options.marker_size = (1...1_000).contains(markerSize) ? UInt16(markerSize) : 7
    var result = git_merge_file_result()
    defer { git_merge_file_result_free(&result) }
    try git("git_merge_file") {
      base.withInput { base in
        ours.withInput { ours in
          theirs.withInput { theirs in
            ourName.withCString { ourName in
              theirName.withCString { theirName in
                options.our_label = ourName
                options.their_label = theirName
                return git_merge_file(&result, base, ours, theirs, &options)
              }
            }
          }
        }
      }
    }
    let text = result.ptr.map { Array(UnsafeRawBufferPointer(start: $0, count: result.len)) }
    return (text ?? [], result.automergeable == 1)
  }
}

extension [UInt8] {
  fileprivate func withInput(_ body: (UnsafePointer<git_merge_file_input>) -> CInt) -> CInt {
    withUnsafeBytes { bytes in
      var input = git_merge_file_input()
      let status = git_merge_file_input_init(&input, CUnsignedInt(GIT_MERGE_FILE_INPUT_VERSION))
      guard status == 0 else { return status }
      input.ptr = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      input.size = bytes.count
      return body(&input)
    }
  }
}
