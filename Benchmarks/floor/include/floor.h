// The floors: what the raw C libraries do with the same bytes, and nothing on top.
#ifndef RUBRIC_FLOOR_H
#define RUBRIC_FLOOR_H

#include <stddef.h>
#include <stdint.h>

// Runs libyaml's event loop over a text and throws the events away.
// Returns the number of events; -1 where the text is not YAML.
int64_t floor_yaml_parse(const uint8_t *text, size_t count);

// The events of one document, kept so that an emitter can be fed without a parser.
typedef struct floor_yaml_document floor_yaml_document;

// Returns NULL where the text is not YAML or memory is short.
floor_yaml_document *floor_yaml_document_create(const uint8_t *text, size_t count);
void floor_yaml_document_free(floor_yaml_document *document);

// Feeds the events to libyaml's emitter, in the styles that they were read in.
// Returns the number of bytes written; -1 where the emitter failed.
int64_t floor_yaml_emit(const floor_yaml_document *document);

// A repository that libgit2 has open.
typedef struct floor_git_repository floor_git_repository;

// Returns NULL where libgit2 cannot open it.
floor_git_repository *floor_git_open(const char *path);
void floor_git_close(floor_git_repository *repository);

// Has libgit2 keep no object in memory, in this whole process: every read is a first one.
// Returns less than 0 where it cannot.
int floor_git_without_cache(void);

// Reads a file of a commit: commit, trees and blob, each checked against its hash.
// Returns the number of bytes; -1 where something is not there or does not fit.
int64_t floor_git_read(
    const floor_git_repository *repository, const char *commit, const char *path, uint8_t *out,
    size_t capacity);

// Packs all that branches reach.
// Returns the number of objects; -1 where it failed.
int64_t floor_git_pack(const floor_git_repository *repository);

// sums[i] = the sum over j of verdicts[i, j] * weights[j], in the order of j.
void floor_weighted_sums(
    const double *verdicts, const double *weights, size_t rollouts, size_t criteria,
    double *sums);

// libyaml's version, as it says itself.
const char *floor_yaml_version(void);

#endif
