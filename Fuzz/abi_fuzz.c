/* Calls the C ABI at random with random arguments, for as long as it is told to.
 *
 * usage: abi_fuzz FOLDER SECONDS [SEED]
 *
 * Arguments are live, freed, foreign and made-up handles; names, documents and requests that are
 * right, and the same with bytes changed; NULL; long and deep texts; batches of any shape within
 * their arrays. Now and then a file of the repository is damaged and mended again. What must hold:
 * no crash, no hang, no finding of the sanitizers, a status that is known, an error text with every
 * failure, and answers that are NULL exactly where the call failed. */

#define _POSIX_C_SOURCE 200809L

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "rubricstore.h"

static uint64_t state;

/* SplitMix64 (Steele, Lea and Flood 2014). */
static uint64_t next(void) {
  uint64_t z = (state += 0x9e3779b97f4a7c15u);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static size_t below(size_t limit) { return limit ? (size_t)(next() % limit) : 0; }
static int one_in(size_t count) { return below(count) == 0; }

static const char *call_name = "";
static uint64_t calls, failures[64];

static void fail(const char *what) {
  fprintf(stderr, "%s: %s (%s)\n", call_name, what, rs_error_message());
  abort();
}

/* ---- Handles ---- */

enum { HANDLES = 24 };
static void *handles[HANDLES];

static void *handle(void) {
  switch (below(12)) {
    case 0: return NULL;
    case 1: return (void *)(uintptr_t)next();
    case 2: return (void *)(uintptr_t)(2 * below(100000) + 1);
    default: return handles[below(HANDLES)];
  }
}

static rs_store *good_store;
static rs_pin *good_pin;

static void free_any(void *any) {
  /* A handle is of one kind; the others must say so. */
  int freed = (rs_text_free(any) == RS_OK) + (rs_pin_free(any) == RS_OK) +
              (rs_store_free(any) == RS_OK) + (rs_follower_free(any) == RS_OK);
  if (freed > 1) fail("a handle was freed twice");
}

static void keep(void *any) {
  size_t index = below(HANDLES);
  /* Freed handles stay in the table for a while: they are arguments too. */
  free_any(handles[index]);
  handles[index] = any;
}

static rs_store *store(void) { return one_in(4) ? (rs_store *)handle() : good_store; }
static rs_pin *pin(void) { return one_in(4) ? (rs_pin *)handle() : good_pin; }

/* ---- Texts ---- */

static const char *const seeds[] = {
    "", "essay", "essay@main", "essay@HEAD~1", "main", "exp-a", "essay@exp-a", "@main", "HEAD",
    "essay@", "@", "@{1}", "main@{0}", "main~99999999999999999999", "HEAD^{tree}", "flow", "yaml",
    "json", "source", "0000000000000000000000000000000000000000", "essay@0000", "abcd", "..", "/",
    "refs/heads/main", "a..b", "\xff\xfe", "caf\xc3\xa9", "{}", "[]", "null", "1e999", "{\"a\":",
    "{\"edits\": []}",
    "{\"edits\": [{\"op\": \"reweight\", \"id\": \"flow\", \"after\": 2, \"because\": \"x\"}]}",
    "{\"edits\": [{\"op\": \"reweight\", \"id\": \"flow\", \"after\": 3, \"because\": \"x\"}], "
    "\"branch\": \"exp-a\", \"dryRun\": true}",
    "{\"edits\": [{\"op\": \"remove\", \"id\": \"style\", \"because\": \"x\"}], \"rubric\": \"essay\"}",
    "{\"edits\": [{\"op\": \"add\", \"criterion\": {\"id\": \"tone\", \"text\": \"x\"}}]}",
    "{\"edits\": [{\"op\": \"tighten\", \"id\": \"flow\", \"after\": {\"lower_when\": [\"x\"]}}]}",
    "{\"limit\": 3, \"metrics\": true}", "{\"from\": \"essay@main\", \"criterion\": \"flow\"}",
    "{\"limit\": -1}", "{\"limit\": 9223372036854775807}", "{\"operations\": [\"add\", \"none\"]}",
    "{\"revision\": \"exp-a\", \"into\": \"main\", \"dryRun\": true}",
    "{\"revision\": \"exp-a\", \"settleAll\": [\"ours\"]}",
    "{\"revision\": \"essay@main\", \"metrics\": {\"reward\": 0.5}, \"step\": 3}",
    "{\"from\": \"essay@main~1\", \"to\": \"main\", \"each\": true}",
    "{\"rubric\": \"essay\", \"commit\": false}",
    "{\"proposal\": {\"name\": \"x\", \"rationale\": \"y\", \"edits\": []}}",
    "{\"verdicts\": {\"flow\": 1, \"style\": \"na\", \"ideas\": {\"error\": \"timeout\"}}}",
    "{\"verdicts\": {\"flow\": 1e308, \"style\": true}, \"rollout\": \"r\"}",
    "{\"bare\": true, \"branch\": \"main\"}", "{\"discover\": false}",
    "{\"format\": \"mpo\", \"id\": \"essay\"}", "{\"format\": \"paperbench\", \"repairIDs\": true}",
    "{\"rationale\": \"x\", \"author\": {\"name\": \"A\", \"email\": \"a@b.c\"}}",
    "schema: rubric/1\nid: essay\ncriteria:\n  - {id: flow, text: a}\n  - {id: style, weight: 2}\n",
    "schema: rubric/1\nid: other\ncriteria:\n  - id: g\n    criteria:\n      - {id: a}\n      - {id: b}\n",
    "<rubric><item>\nFlow (5 points)\n5: good\n0: bad\n</item></rubric>",
    "{\"id\": \"a\", \"requirements\": \"r\", \"weight\": 1, \"sub_tasks\": []}",
    "{\"rollout\": \"r1\", \"prompt\": \"p\", \"response\": \"q\", \"rubric\": \"essay@main\", "
    "\"verdicts\": {\"flow\": 1, \"style\": 0, \"ideas\": 3}, \"gold\": 0.5}\n",
    "{\"stamp\": \"rubric-stamp/1\", \"rubric\": \"essay\", \"commit\": "
    "\"0000000000000000000000000000000000000000\", \"judge\": \"\", \"scoring\": \"\", "
    "\"library\": \"0\"}",
};

enum { POOL = 8 };
static char *pool[POOL];
static size_t pool_lengths[POOL];
static size_t pool_next;

/* A text that lives until a few more were made; mostly one that begins as asked, if `start` says how. */
static const char *text_from(char start, size_t *length) {
  size_t slot = pool_next++ % POOL, count, i;
  const char *seed = seeds[below(sizeof seeds / sizeof *seeds)];
  if (start && !one_in(5))
    while (seed[0] != start) seed = seeds[below(sizeof seeds / sizeof *seeds)];
  char *made;
  if (length == NULL && one_in(12)) return NULL;
  count = strlen(seed);
  if (one_in(40)) {
    /* Deep or long. */
    count = 1 + below(one_in(10) ? 300000 : 20000);
    made = malloc(count + 1);
    memset(made, "[{a\"\\- \n"[below(8)], count);
  } else {
    made = malloc(count + 17);
    memcpy(made, seed, count);
    if (one_in(3)) {
      for (i = 1 + below(4); i > 0 && count > 0; i--) {
        size_t at = below(count);
        switch (below(4)) {
          case 0: made[at] = (char)next(); break;
          case 1: made[at] = "\"{}[]:,-0 9\n@~"[below(14)]; break;
          case 2: memmove(made + at, made + at + 1, count - at - 1); count--; break;
          default: if (count < strlen(seed) + 16) {
            memmove(made + at + 1, made + at, count - at);
            made[at] = made[below(count)];
            count++;
          }
        }
      }
    }
  }
  made[count] = 0;
  free(pool[slot]);
  pool[slot] = made;
  pool_lengths[slot] = count;
  if (length) *length = count;
  return made;
}

static const char *text(size_t *length) { return text_from(0, length); }

/* ---- Answers ---- */

static void judge(rs_status status) {
  calls++;
  if (status < 0 || status > RS_ERR_INTERNAL) fail("a status that the header does not have");
  failures[status]++;
  if (status == RS_ERR_INTERNAL) fail("a fault of the library");
  if (status != RS_OK) {
    if (rs_error_status() != status) fail("the thread's error is another one");
    if (rs_error_message()[0] == 0) fail("an error without words");
    if (rs_error_json()[0] != '{') fail("an error without JSON");
  }
}

static void answered(rs_status status, void *answer) {
  judge(status);
  if ((status == RS_OK) != (answer != NULL)) fail("an answer without success, or none with it");
  if (answer) keep(answer);
}

static void texted(rs_status status, rs_text *answer) {
  const char *bytes;
  size_t length;
  judge(status);
  if ((status == RS_OK) != (answer != NULL)) fail("an answer without success, or none with it");
  if (!answer) return;
  if (rs_text_bytes(answer, &bytes, &length) != RS_OK) fail("a text that cannot be read");
  if (strlen(bytes) > length || bytes[length] != 0) fail("a text that does not end");
  keep(answer);
}

/* ---- Batches ---- */

enum { CELLS = 4096 };

static void score_batch(void) {
  static double cells[CELLS], rewards[CELLS], contributions[CELLS];
  static uint8_t mask[CELLS], reasons[CELLS];
  rs_pin *batch_pin = pin();
  size_t criteria = below(8), rollouts = below(300), i;
  ptrdiff_t row, column = (ptrdiff_t)sizeof *cells;
  const char *start = (const char *)cells;
  if (!one_in(5)) (void)rs_pin_columns(batch_pin, &criteria);
  if (criteria && rollouts > CELLS / criteria) rollouts = CELLS / criteria;
  row = (ptrdiff_t)(criteria * sizeof *cells);
  for (i = 0; i < CELLS; i++) {
    cells[i] = one_in(20) ? NAN : one_in(30) ? INFINITY : one_in(9) ? (double)next() : (double)below(2);
    mask[i] = (uint8_t)(one_in(10) ? below(one_in(9) ? 256 : 4) : 0);
  }
  if (one_in(6)) { row = 0; column = 0; }
  else if (one_in(6)) { row = (ptrdiff_t)sizeof *cells; column = (ptrdiff_t)(rollouts * sizeof *cells); }
  else if (one_in(6) && rollouts && criteria) {
    /* Backwards. */
    start = (const char *)(cells + rollouts * criteria - 1);
    row = -row;
    column = -column;
  } else if (one_in(6)) start += below(7);
  /* Unaligned starts leave the last cell out. */
  if (start != (const char *)cells && row > 0 && rollouts) rollouts--;
  call_name = "rs_pin_score_batch";
  if (one_in(50)) {
    /* Sizes that overflow are refused before anything is touched. */
    judge(rs_pin_score_batch(batch_pin, SIZE_MAX - below(3), criteria, cells, row, column, mask,
                             rewards, reasons, contributions));
    return;
  }
  judge(rs_pin_score_batch(
      batch_pin, rollouts, criteria, one_in(30) ? NULL : (const double *)(const void *)start, row,
      column, one_in(2) ? NULL : mask, one_in(30) ? NULL : rewards, one_in(3) ? NULL : reasons,
      one_in(3) ? NULL : contributions));
}

/* ---- Damage ---- */

/* The path of some file below a folder; whether there is one. */
static int some_file(const char *folder, char *path, size_t size) {
  char current[4096];
  int depth;
  snprintf(current, sizeof current, "%s", folder);
  for (depth = 0; depth < 6; depth++) {
    DIR *listing = opendir(current);
    struct dirent *entry;
    struct stat about;
    char names[64][256];
    size_t count = 0, length;
    if (!listing) return 0;
    while ((entry = readdir(listing)) && count < 64)
      /* libgit2 1.5 trusts the offsets of a pack's index, and reads past the pack: see LIMITS.md. */
      if (entry->d_name[0] != '.' && !strstr(entry->d_name, ".idx"))
        snprintf(names[count++], 256, "%s", entry->d_name);
    closedir(listing);
    if (!count) return 0;
    length = strlen(current);
    snprintf(current + length, sizeof current - length, "/%s", names[below(count)]);
    if (stat(current, &about)) return 0;
    if (S_ISREG(about.st_mode)) {
      snprintf(path, size, "%s", current);
      return 1;
    }
  }
  return 0;
}

static void damage(const char *folder) {
  static char saved[1 << 20];
  char path[4096];
  size_t count, i;
  FILE *file;
  rs_store *hurt = NULL;
  if (!some_file(folder, path, sizeof path) || chmod(path, 0644) || !(file = fopen(path, "rb"))) return;
  count = fread(saved, 1, sizeof saved, file);
  fclose(file);
  if (count == 0 || count == sizeof saved || !(file = fopen(path, "wb"))) return;
  {
    size_t kept = one_in(3) ? below(count) : count, at = below(count);
    char old = saved[at];
    saved[at] = (char)next();
    fwrite(saved, 1, kept, file);
    saved[at] = old;
  }
  fclose(file);
  call_name = "a damaged repository";
  judge(rs_store_open(folder, NULL, &hurt));
  if (hurt) {
    for (i = 0; i < 4; i++) {
      rs_pin *got = NULL;
      rs_text *log = NULL;
      answered(rs_pin_pull(hurt, i & 1 ? "essay@main~1" : "essay@main", &got), got);
      texted(rs_log_read(hurt, "{\"limit\": 4}", &log), log);
    }
    judge(rs_store_free(hurt));
  }
  if ((file = fopen(path, "wb"))) {
    fwrite(saved, 1, count, file);
    fclose(file);
  }
}

/* ---- Calls ---- */

#define TEXTED(name, ...) \
  do { rs_text *out = NULL; call_name = #name; texted(name(__VA_ARGS__, one_in(60) ? NULL : &out), out); } while (0)

static void call(const char *folder) {
  const char *a = text(NULL), *b = text(NULL), *c, *r;
  size_t length = 0;
  char fresh[512];
  c = text_from("\0s{<"[below(4)], &length);
  r = text_from('{', NULL);
  if (one_in(20)) length = below(length + 1);
  if (one_in(200)) { c = NULL; }
  switch (below(36)) {
    case 0: { rs_store *out = NULL; call_name = "rs_store_open"; answered(rs_store_open(one_in(3) ? a : folder, one_in(2) ? r : NULL, &out), out); break; }
    case 1: {
      rs_store *out = NULL;
      if (!one_in(20)) break;
      snprintf(fresh, sizeof fresh, "%s-%d", folder, (int)below(4));
      call_name = "rs_store_create";
      answered(rs_store_create(fresh, one_in(2) ? b : NULL, &out), out);
      break;
    }
    case 2: TEXTED(rs_store_describe, store()); break;
    case 3: TEXTED(rs_rubric_list, store(), a); break;
    case 4: TEXTED(rs_revision_resolve, store(), a); break;
    case 5: TEXTED(rs_branch_list, store()); break;
    case 6: TEXTED(rs_branch_create, store(), a, b); break;
    case 7: if (a && strcmp(a, "main") && strcmp(a, "exp-a")) { call_name = "rs_branch_delete"; judge(rs_branch_delete(store(), a, (int32_t)below(2))); } break;
    case 8: TEXTED(rs_tag_list, store()); break;
    case 9: TEXTED(rs_tag_create, store(), a, b, c); break;
    case 10: call_name = "rs_tag_delete"; judge(rs_tag_delete(store(), a)); break;
    case 11: TEXTED(rs_rubric_validate, c, length); break;
    case 12: TEXTED(rs_rubric_convert, c, length, one_in(3) ? NULL : r); break;
    case 13: TEXTED(rs_rubric_commit, store(), c, length, one_in(3) ? NULL : r); break;
    case 14: if (a && strcmp(a, "essay")) TEXTED(rs_rubric_remove, store(), a, b); break;
    case 34: case 35:
    case 15: TEXTED(rs_edits_commit, store(), r); break;
    case 16: TEXTED(rs_log_read, store(), r); break;
    case 17: TEXTED(rs_diff_read, store(), a, b); break;
    case 18: TEXTED(rs_branch_merge, store(), r); break;
    case 19: TEXTED(rs_note_add, store(), r); break;
    case 20: TEXTED(rs_note_list, store(), a); break;
    case 21: TEXTED(rs_replay_read, store(), r, c, length); break;
    case 22: TEXTED(rs_evidence_update, store(), r, c, length); break;
    case 23: TEXTED(rs_stamp_verify, store(), r); break;
    case 24: { rs_pin *out = NULL; call_name = "rs_pin_pull"; answered(rs_pin_pull(store(), a, &out), out); break; }
    case 25: { rs_pin *out = NULL; call_name = "rs_pin_pull_cached"; answered(rs_pin_pull_cached(a, b, &out), out); break; }
    case 26: TEXTED(rs_pin_describe, pin()); break;
    case 27: TEXTED(rs_pin_document, pin(), a); break;
    case 28: TEXTED(rs_pin_prompt, pin(), a); break;
    case 29: TEXTED(rs_pin_schema, pin(), a); break;
    case 30: TEXTED(rs_pin_stamp, pin()); break;
    case 31: TEXTED(rs_pin_score, pin(), r, (int32_t)next()); break;
    case 32: {
      rs_follower *out = NULL;
      rs_pin *got = NULL;
      call_name = "rs_follower_open";
      answered(rs_follower_open(store(), a, b, &out), out);
      call_name = "rs_follower_next";
      judge(rs_follower_next(out ? out : (rs_follower *)handle(), (int64_t)below(2), &got));
      if (got) keep(got);
      break;
    }
    default: {
      void *any = handle();
      /* A number that was made up may be one of the two that all else needs. */
      if (any != (void *)good_store && any != (void *)good_pin) free_any(any);
      score_batch();
    }
  }
}

static void must(rs_status status) {
  if (status != RS_OK) fail("the beginning failed");
}

int main(int count, char **words) {
  static const char start[] =
      "schema: rubric/1\nid: essay\ncriteria:\n"
      "  - {id: flow, text: It flows., gate: {min: 1, effect: cap, cap: 0.5}}\n"
      "  - {id: style, weight: 2, text: It fits.}\n"
      "  - {id: ideas, text: It has ideas., scale: {numeric: {min: 0, max: 5}}}\n";
  static const char author[] = "{\"author\": {\"name\": \"Fuzz\", \"email\": \"fuzz@example.org\"}}";
  static const char edits[] =
      "{\"author\": {\"name\": \"Fuzz\", \"email\": \"fuzz@example.org\"}, \"edits\": "
      "[{\"op\": \"reweight\", \"id\": \"style\", \"after\": 3, \"because\": \"x\"}]}";
  rs_text *out;
  char damaged[512];
  time_t end;
  size_t i;
  if (count < 3) {
    fprintf(stderr, "usage: %s FOLDER SECONDS [SEED]\n", words[0]);
    return 64;
  }
  state = count > 3 ? strtoull(words[3], NULL, 10) : (uint64_t)time(NULL);
  printf("seed %llu\n", (unsigned long long)state);
  fflush(stdout);
  must(rs_store_create(words[1], NULL, &good_store));
  must(rs_rubric_commit(good_store, start, strlen(start), author, &out));
  must(rs_text_free(out));
  must(rs_branch_create(good_store, "exp-a", NULL, &out));
  must(rs_text_free(out));
  must(rs_edits_commit(good_store, edits, &out));
  must(rs_text_free(out));
  must(rs_pin_pull(good_store, "essay@main", &good_pin));
  /* A copy to be damaged, so that the other stays good. */
  snprintf(damaged, sizeof damaged, "%s-damaged", words[1]);
  {
    rs_store *copy;
    must(rs_store_clone(words[1], damaged, "{\"bare\": true}", &copy));
    must(rs_store_free(copy));
  }
  end = time(NULL) + atol(words[2]);
  while (time(NULL) < end) {
    for (i = 0; i < 200; i++) call(words[1]);
    damage(damaged);
  }
  for (i = 0; i < HANDLES; i++) free_any(handles[i]);
  free_any(good_pin);
  free_any(good_store);
  for (i = 0; i < POOL; i++) free(pool[i]);
  printf("%llu calls", (unsigned long long)calls);
  for (i = 0; i <= RS_ERR_INTERNAL; i++)
    if (failures[i]) printf(", %s %llu", rs_status_name((rs_status)i), (unsigned long long)failures[i]);
  printf("\n");
  return 0;
}
