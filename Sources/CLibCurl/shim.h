#ifndef RUBRICSTORE_CLIBCURL_SHIM_H
#define RUBRICSTORE_CLIBCURL_SHIM_H

// What is used of libcurl's binary interface, which has not changed since 2006 (soname 4). The library
// is loaded when it is first needed, so that neither a build nor a start depends on it.

#include <dlfcn.h>

// Functions with any number of arguments, which Swift cannot call.

/// Calls `curl_easy_setopt` or `curl_multi_setopt` at `function` with a number.
static inline int rubricstore_curl_set_number(void *function, void *handle, int option, long value) {
  return ((int (*)(void *, int, ...))function)(handle, option, value);
}

/// Calls `curl_easy_setopt` at `function` with an address.
static inline int rubricstore_curl_set_pointer(
    void *function, void *handle, int option, const void *value) {
  return ((int (*)(void *, int, ...))function)(handle, option, value);
}

/// What `curl_easy_setopt` takes as CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION.
typedef unsigned long (*rubricstore_curl_receiver)(
    char *bytes, unsigned long size, unsigned long count, void *context);

/// Calls `curl_easy_setopt` at `function` with a function.
static inline int rubricstore_curl_set_receiver(
    void *function, void *handle, int option, rubricstore_curl_receiver value) {
  return ((int (*)(void *, int, ...))function)(handle, option, value);
}

/// CURLMsg.
typedef struct {
  int msg;
  void *easy_handle;
  union {
    void *whatever;
    int result;
  } data;
} rubricstore_curl_message;

#endif
