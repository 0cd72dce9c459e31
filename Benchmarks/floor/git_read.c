#include "floor.h"

#include <git2.h>
#include <stdlib.h>
#include <string.h>

struct floor_git_repository {
  git_repository *handle;
};

floor_git_repository *floor_git_open(const char *path) {
  floor_git_repository *repository = calloc(1, sizeof *repository);
  if (!repository || git_libgit2_init() < 0) {
    free(repository);
    return NULL;
  }
  if (git_repository_open(&repository->handle, path) < 0) {
    git_libgit2_shutdown();
    free(repository);
    return NULL;
  }
  return repository;
}

void floor_git_close(floor_git_repository *repository) {
  if (!repository) return;
  git_repository_free(repository->handle);
  git_libgit2_shutdown();
  free(repository);
}

int floor_git_without_cache(void) { return git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0); }

int64_t floor_git_read(
    const floor_git_repository *repository, const char *commit, const char *path, uint8_t *out,
    size_t capacity) {
  git_oid oid;
  git_commit *found = NULL;
  git_tree *tree = NULL;
  git_tree_entry *entry = NULL;
  git_blob *blob = NULL;
  int64_t size = -1;
  if (git_oid_fromstr(&oid, commit) == 0 &&
      git_commit_lookup(&found, repository->handle, &oid) == 0 &&
      git_commit_tree(&tree, found) == 0 && git_tree_entry_bypath(&entry, tree, path) == 0 &&
      git_blob_lookup(&blob, repository->handle, git_tree_entry_id(entry)) == 0 &&
      (size_t)git_blob_rawsize(blob) <= capacity) {
    size = (int64_t)git_blob_rawsize(blob);
    memcpy(out, git_blob_rawcontent(blob), (size_t)size);
  }
  git_blob_free(blob);
  git_tree_entry_free(entry);
  git_tree_free(tree);
  git_commit_free(found);
  return size;
}

int64_t floor_git_pack(const floor_git_repository *repository) {
  git_packbuilder *builder = NULL;
  git_revwalk *walk = NULL;
  int64_t count = -1;
  if (git_packbuilder_new(&builder, repository->handle) == 0 &&
      git_revwalk_new(&walk, repository->handle) == 0 &&
      git_revwalk_push_glob(walk, "refs/heads/*") == 0 &&
      git_packbuilder_insert_walk(builder, walk) == 0 &&
      git_packbuilder_write(builder, NULL, 0, NULL, NULL) == 0) {
    count = (int64_t)git_packbuilder_object_count(builder);
  }
  git_revwalk_free(walk);
  git_packbuilder_free(builder);
  return count;
}
