#ifndef RUBRICSTORE_CLIBGIT2_SHIM_H
#define RUBRICSTORE_CLIBGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/commit.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/stream.h>
#include <zlib.h>

// `git_libgit2_opts` is variadic, which Swift does not import.

/// Turns flushing of objects and references to disk on (1) or off (0), for the whole process.
static inline int rubricstore_git_set_fsync(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

#endif
