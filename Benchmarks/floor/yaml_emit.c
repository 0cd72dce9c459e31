#include "floor.h"

#include <stdlib.h>
#include <yaml.h>

struct floor_yaml_document {
  yaml_event_t *events;
  size_t count;
  size_t capacity;
};

void floor_yaml_document_free(floor_yaml_document *document) {
  if (!document) return;
  for (size_t i = 0; i < document->count; i++) yaml_event_delete(&document->events[i]);
  free(document->events);
  free(document);
}

static int append(floor_yaml_document *document, const yaml_event_t *event) {
  if (document->count == document->capacity) {
    size_t capacity = document->capacity ? 2 * document->capacity : 1024;
    yaml_event_t *events = realloc(document->events, capacity * sizeof *events);
    if (!events) return 0;
    document->events = events;
    document->capacity = capacity;
  }
  document->events[document->count++] = *event;
  return 1;
}

floor_yaml_document *floor_yaml_document_create(const uint8_t *text, size_t count) {
  floor_yaml_document *document = calloc(1, sizeof *document);
  yaml_parser_t parser;
  if (!document || !yaml_parser_initialize(&parser)) {
    free(document);
    return NULL;
  }
  yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
  yaml_parser_set_input_string(&parser, text, count);
  int done = 0;
  while (!done) {
    yaml_event_t event;
    if (!yaml_parser_parse(&parser, &event) || !append(document, &event)) {
      floor_yaml_document_free(document);
      document = NULL;
      break;
    }
    done = event.type == YAML_STREAM_END_EVENT;
  }
  yaml_parser_delete(&parser);
  return document;
}

static int count_bytes(void *total, unsigned char *buffer, size_t size) {
  (void)buffer;
  *(int64_t *)total += (int64_t)size;
  return 1;
}

// The emitter deletes what it is fed, so each event is made anew.
static int copy(yaml_event_t *copy, const yaml_event_t *event) {
  switch (event->type) {
    case YAML_STREAM_START_EVENT:
      return yaml_stream_start_event_initialize(copy, YAML_UTF8_ENCODING);
    case YAML_STREAM_END_EVENT: return yaml_stream_end_event_initialize(copy);
    case YAML_DOCUMENT_START_EVENT:
      return yaml_document_start_event_initialize(copy, NULL, NULL, NULL, 1);
    case YAML_DOCUMENT_END_EVENT: return yaml_document_end_event_initialize(copy, 1);
    case YAML_SEQUENCE_START_EVENT:
      return yaml_sequence_start_event_initialize(
          copy, NULL, NULL, 1, event->data.sequence_start.style);
    case YAML_SEQUENCE_END_EVENT: return yaml_sequence_end_event_initialize(copy);
    case YAML_MAPPING_START_EVENT:
      return yaml_mapping_start_event_initialize(
          copy, NULL, NULL, 1, event->data.mapping_start.style);
    case YAML_MAPPING_END_EVENT: return yaml_mapping_end_event_initialize(copy);
    case YAML_SCALAR_EVENT:
      return yaml_scalar_event_initialize(
          copy, NULL, NULL, event->data.scalar.value, (int)event->data.scalar.length,
          event->data.scalar.plain_implicit, event->data.scalar.quoted_implicit,
          event->data.scalar.style);
    default: return 0;
  }
}

int64_t floor_yaml_emit(const floor_yaml_document *document) {
  yaml_emitter_t emitter;
  if (!yaml_emitter_initialize(&emitter)) return -1;
  int64_t total = 0;
  yaml_emitter_set_output(&emitter, count_bytes, &total);
  yaml_emitter_set_encoding(&emitter, YAML_UTF8_ENCODING);
  yaml_emitter_set_unicode(&emitter, 1);
  yaml_emitter_set_width(&emitter, 88);
  for (size_t i = 0; i < document->count; i++) {
    yaml_event_t event;
    if (!copy(&event, &document->events[i]) || !yaml_emitter_emit(&emitter, &event)) {
      total = -1;
      break;
    }
  }
  yaml_emitter_delete(&emitter);
  return total;
}
