/* A trainer's side of the library in C: a store, a rubric in it, rewards by commit hash.
 *
 * usage: reward FOLDER */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rubricstore.h"

/* Ends the program with the library's own words where a call failed. */
static void check(rs_status status, const char *what) {
  if (status == RS_OK) return;
  fprintf(stderr, "%s: %s: %s\n", what, rs_status_name(status), rs_error_message());
  exit(2);
}

/* Prints an answer and frees it. */
static void print(const char *label, rs_text *text) {
  const char *bytes;
  size_t length;
  check(rs_text_bytes(text, &bytes, &length), "text");
  printf("%s %.*s\n", label, (int)(length > 400 ? 400 : length), bytes);
  check(rs_text_free(text), "free");
}

static const char rubric[] =
    "schema: rubric/1\n"
    "id: essay\n"
    "title: Essays\n"
    "criteria:\n"
    "  - {id: ideas, weight: 2, text: The essay has ideas of its own., scale: {numeric: {min: 0, max: 5}}}\n"
    "  - {id: order, text: Each paragraph follows from the last.}\n"
    "  - {id: style, text: The words fit the reader.}\n";

static const char tighten[] =
    "{\"rationale\": \"titles alone score high\","
    " \"proposer\": {\"author\": \"meta\", \"name\": \"example in C\"},"
    " \"author\": {\"name\": \"Example\", \"email\": \"example@example.org\"},"
    " \"edits\": [{\"op\": \"tighten\", \"id\": \"order\","
    "  \"after\": {\"lower_when\": [\"The text is only a title.\"]},"
    "  \"because\": \"one line has no order\"},"
    "  {\"op\": \"reweight\", \"id\": \"style\", \"after\": 0.5, \"because\": \"it follows length\"}]}";

int main(int count, char **words) {
  rs_store *store;
  rs_pin *pin, *again;
  rs_text *text;
  size_t columns, i;

  if (count != 2) {
    fprintf(stderr, "usage: %s FOLDER\n", words[0]);
    return 64;
  }
  check(rs_abi_check(RS_ABI_VERSION), "library");
  printf("rubricstore %s\n", rs_library_version());

  check(rs_store_create(words[1], "{\"bare\": true}", &store), "create");
  check(rs_rubric_commit(
            store, rubric, strlen(rubric),
            "{\"rationale\": \"Where the run starts\","
            " \"author\": {\"name\": \"Example\", \"email\": \"example@example.org\"}}",
            &text),
        "commit");
  print("committed", text);

  check(rs_pin_pull(store, "essay@main", &pin), "pull");
  check(rs_pin_columns(pin, &columns), "columns");
  check(rs_pin_prompt(pin, "order", &text), "prompt");
  print("the judge reads:", text);

  /* Four rollouts, a row each: ideas 0 to 5, order and style 0 or 1. The judge failed on the last. */
  {
    const double verdicts[4][3] = {{5, 1, 1}, {2, 0, 1}, {0, 0, 0}, {4, NAN, 1}};
    double rewards[4], contributions[4][3];
    uint8_t reasons[4];
    check(rs_pin_score_batch(
              pin, 4, columns, &verdicts[0][0], sizeof verdicts[0], sizeof verdicts[0][0], NULL,
              rewards, reasons, &contributions[0][0]),
          "score");
    for (i = 0; i < 4; i++) {
      if (reasons[i] == RS_SCORED)
        printf("rollout %lu: %.3f, of it %.3f for ideas\n", (unsigned long)i, rewards[i],
               contributions[i][0]);
      else
        printf("rollout %lu: no reward, reason %d\n", (unsigned long)i, reasons[i]);
    }
    if (rewards[0] != 1 || rewards[2] != 0 || !isnan(rewards[3])) return 1;
  }

  /* A meta-update: edits with reasons. What was pulled stays as it is. */
  check(rs_edits_commit(store, tighten, &text), "edit");
  print("committed", text);
  check(rs_diff_read(store, "essay@main~1", "essay@main", &text), "diff");
  print("diff", text);
  check(rs_log_read(store, "{\"limit\": 1}", &text), "log");
  print("log", text);
  check(rs_pin_pull(store, "essay@main", &again), "pull");
  check(rs_pin_stamp(again, &text), "stamp");
  print("stamp", text);

  /* A handle that was freed is an error, and nothing worse. */
  check(rs_pin_free(again), "free");
  if (rs_pin_free(again) != RS_ERR_HANDLE) return 1;
  printf("as expected: %s\n", rs_error_message());
  check(rs_pin_free(pin), "free");
  check(rs_store_free(store), "free");
  return 0;
}
