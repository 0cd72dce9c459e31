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

// libyaml's version, as it says itself.
const char *floor_yaml_version(void);

#endif
