/* rubricstore.h: rubrics, versioned as git versions code, for C and whatever calls C.
 *
 * A rubric turns a judge's verdicts into a reward. It is kept in a git repository; a trainer pulls
 * it by commit hash, shows it to its judge, and scores with it. This is the library's whole
 * interface for other languages; the Python package is written on it alone.
 *
 *   rs_store *store;
 *   rs_pin *pin;
 *   if (rs_store_open("runs", NULL, &store) != RS_OK) die(rs_error_message());
 *   if (rs_pin_pull(store, "essay@3f9c2ab", &pin) != RS_OK) die(rs_error_message());
 *   rs_pin_score_batch(pin, rollouts, criteria, verdicts, row, column, NULL, rewards, NULL, NULL);
 *   rs_pin_free(pin);
 *   rs_store_free(store);
 *
 * Handles. rs_store, rs_pin, rs_follower and rs_text are handles: numbers that look like pointers.
 * Each is freed once, by the function that is named after it. A handle that is NULL, was freed, or
 * is of another kind is RS_ERR_HANDLE and nothing worse, and no number is used twice. A pin outlives
 * its store.
 *
 * Results. Every function that can fail returns an rs_status and stores what it was asked for
 * through its last arguments, which are set to NULL (or 0) where it fails. Long answers are texts of
 * UTF-8, most of them JSON: rs_text_bytes() lends their bytes until rs_text_free().
 *
 * Errors. After a failure rs_error_message() has a sentence for people, and rs_error_json() the same
 * with the place: file, line, column, criterion, commit. They are kept by thread, until its next
 * failure. No input ends the process: bad text, bad numbers, damaged repositories and dead handles
 * all come back as a status. (A pointer that points nowhere is beyond what can be checked, and so are
 * the offsets of a damaged pack index, which libgit2 trusts.)
 *
 * Texts that come in are UTF-8 and end with NUL, unless a length goes with them; NULL stands for an
 * option that is left out. Options are JSON objects; a key that is not known is refused.
 *
 * Threads. Any function may be called from any thread, with the same handles: calls on one store
 * wait for one another where they read the disk, scoring waits for none of them. Freeing a handle
 * that another thread uses is safe; the object goes when the last call ends. Calls need 256 KiB of
 * stack.
 *
 * Fork. fork() waits until no call is under way, so that the child finds the library whole: it may
 * use every handle that the parent had, and so may the parent. What the two hold is separate from
 * then on. Calls that begin while a fork waits wait for it; so clone, which may take long, before
 * other threads fork. The rule holds from when a first call, rs_abi_check(), has returned. (A process
 * that is started with vfork or posix_spawn is not touched by this.)
 *
 * RUBRIC@REV, wherever a revision is asked for, is what rubricctl takes: essay@3f9c2ab,
 * essay@main~3, essay (at HEAD), @exp-b (the only rubric there), or "" for the only one at HEAD.
 *
 * SPEC.md describes the documents and what their fields mean. */

#ifndef RUBRICSTORE_H
#define RUBRICSTORE_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__) || defined(__clang__)
#define RS_API __attribute__((visibility("default")))
#else
#define RS_API
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Versions --------------------------------------------------------------------------------- */

/* The version of this interface. It goes up when a function goes or changes its meaning; functions
 * and keys of answers that are new leave it as it is. */
#define RS_ABI_VERSION 1

/* What a call came to. Later versions may add values; rs_status_name() has a word for each. */
typedef int32_t rs_status;
enum {
  RS_OK = 0,
  RS_ERR_ARGUMENT = 1,       /* an argument is NULL, out of range, or not UTF-8 */
  RS_ERR_HANDLE = 2,         /* a handle is NULL, was freed, or is of another kind */
  RS_ERR_ABI = 3,            /* the program was made for another version of this interface */
  RS_ERR_NOT_FOUND = 4,      /* there is no such repository, rubric, branch, tag, commit, criterion */
  RS_ERR_EXISTS = 5,         /* there is one of that name already */
  RS_ERR_NAME = 6,           /* a name or revision is malformed or stands for several things */
  RS_ERR_SYNTAX = 7,         /* YAML or JSON cannot be read; the findings have line and column */
  RS_ERR_DOCUMENT = 8,       /* a stored rubric or a commit's record is not valid */
  RS_ERR_EDIT = 9,           /* edits cannot be made: they clash, or touch what is pinned */
  RS_ERR_NOTHING = 10,       /* there is nothing to commit */
  RS_ERR_MERGE = 11,         /* a settlement does not fit, or a merge is not finished */
  RS_ERR_CONTENDED = 12,     /* others move the branch, or hold its lock; try again */
  RS_ERR_DIRTY = 13,         /* the work tree has changes that would be lost */
  RS_ERR_REFUSED = 14,       /* a repository of somebody else, or of an unknown format */
  RS_ERR_CORRUPT = 15,       /* bytes do not match their hash */
  RS_ERR_LIMIT = 16,         /* something is larger than a limit */
  RS_ERR_IO = 17,            /* reading or writing failed */
  RS_ERR_TRANSPORT = 18,     /* another machine could not be reached, or refused */
  RS_ERR_PROPOSAL = 19,      /* evidence or a proposal cannot be used */
  RS_ERR_GIT = 20,           /* anything else that git reports */
  RS_ERR_INTERNAL = 21       /* a fault of the library itself; please report it */
};

/* The version of this interface that the library implements. */
RS_API int32_t rs_abi_version(void);
/* RS_OK if the library serves programs made for `version`; call it with RS_ABI_VERSION at start. */
RS_API rs_status rs_abi_check(int32_t version);
/* The library's version, such as "0.5.0"; the text lives as long as the process. */
RS_API const char *rs_library_version(void);
/* The status in a word, such as "not_found"; "unknown" for a number that is none. Never NULL. */
RS_API const char *rs_status_name(rs_status status);

/* ---- Errors of this thread --------------------------------------------------------------------- */

/* The status of this thread's last failure; RS_OK if there was none. */
RS_API rs_status rs_error_status(void);
/* What was found and expected, in one sentence, with what to do about it; "" if nothing failed. */
RS_API const char *rs_error_message(void);
/* The same as JSON:
 *   {"status": 9, "name": "edit", "code": "before_mismatch", "message": "…", "hint": "…"|null,
 *    "criterion": "flow"|null, "field": …|null, "edit": 0|null,
 *    "findings": [{"code", "file", "line", "column", "path", "message", "hint"}]}
 * `code` is the finer code of the library, in snake case. "" if nothing failed. Both texts live
 * until the thread's next failure or rs_error_clear(). */
RS_API const char *rs_error_json(void);
/* Forgets this thread's last failure. */
RS_API void rs_error_clear(void);

/* ---- Texts -------------------------------------------------------------------------------------- */

/* An answer of the library: UTF-8, with a NUL behind it that `length` does not count. */
typedef struct rs_text rs_text;

/* Lends the bytes of a text; they live until rs_text_free(). `length` may be NULL. */
RS_API rs_status rs_text_bytes(const rs_text *text, const char **bytes, size_t *length);
RS_API rs_status rs_text_free(rs_text *text);

/* ---- Stores ------------------------------------------------------------------------------------- */

/* A git repository that holds rubrics. */
typedef struct rs_store rs_store;

/* Opens the repository at `path`: a work tree, a folder in it, or a bare repository.
 * options: {"discover": true, "cache": DIR}. Without `discover`, folders above are not tried. With
 * `cache`, what is pulled is kept in that folder too, for other processes: see rs_pin_pull(). */
RS_API rs_status rs_store_open(const char *path, const char *options, rs_store **store);
/* Creates a repository, or opens the one that is there.
 * options: {"bare": false, "branch": "main", "cache": DIR}. */
RS_API rs_status rs_store_create(const char *path, const char *options, rs_store **store);
/* Clones the repository at `url` (a path, file://, https://, ssh://) to `path`, which must not be
 * there or be empty; its notes on commits come along.
 * options: {"bare": false, "branch": NAME, "cache": DIR}. A clone that fails leaves nothing. */
RS_API rs_status rs_store_clone(
    const char *url, const char *path, const char *options, rs_store **store);
/* {"path", "gitFolder", "workTree"|null, "bare", "head": {"name", "branch", "commit"|null}}. */
RS_API rs_status rs_store_describe(rs_store *store, rs_text **json);
RS_API rs_status rs_store_free(rs_store *store);

/* ---- Names -------------------------------------------------------------------------------------- */

/* The rubrics of a commit (HEAD if `revision` is NULL): ["essay", …]. */
RS_API rs_status rs_rubric_list(rs_store *store, const char *revision, rs_text **json);
/* What RUBRIC@REV stands for now: {"rubric": "essay", "commit": FULL_HASH, "branch": NAME|null};
 * `branch` is REV where that is the name of a branch, and null for HEAD, tags and hashes. A rubric
 * that is not there is RS_ERR_NOT_FOUND. */
RS_API rs_status rs_revision_resolve(rs_store *store, const char *revision, rs_text **json);
/* [{"name", "commit"|null, "head": BOOL}]; `head` is the one that is checked out, which has no commit
 * in a repository that is new. */
RS_API rs_status rs_branch_list(rs_store *store, rs_text **json);
/* Creates a branch at `revision` (REV or RUBRIC@REV; HEAD if NULL): {"name", "commit"}. */
RS_API rs_status rs_branch_create(
    rs_store *store, const char *name, const char *revision, rs_text **json);
/* Deletes a branch; without `force` only one whose commits another branch has, and never the one
 * that is checked out (RS_ERR_REFUSED). */
RS_API rs_status rs_branch_delete(rs_store *store, const char *name, int32_t force);
/* [{"name", "commit"|null, "message"|null}]; a tag of something else has no commit, and one that is
 * not annotated no message. */
RS_API rs_status rs_tag_list(rs_store *store, rs_text **json);
/* Creates a tag at `revision` (REV or RUBRIC@REV; HEAD if NULL): {"name", "commit"}. It is annotated
 * if `message` is not NULL, and then git must know who tags. A tag is never moved. */
RS_API rs_status rs_tag_create(
    rs_store *store, const char *name, const char *revision, const char *message, rs_text **json);
RS_API rs_status rs_tag_delete(rs_store *store, const char *name);

/* ---- Documents ---------------------------------------------------------------------------------- */

/* What is wrong with a rubric's text, YAML or JSON: {"valid": BOOL, "findings": […]} as in errors.
 * A text that is not valid, or not UTF-8, is no error of the call. Texts have 16 MiB at most. */
RS_API rs_status rs_rubric_validate(const char *bytes, size_t length, rs_text **json);
/* Makes a rubric of another system's text.
 * options: {"format": "mpo"|"paperbench"|null, "id": ID, "name": FILE, "repairIDs": false}. Without
 * `format` it is found from the text, without `id` that is made of `name`.
 * {"yaml": TEXT, "notes": [TEXT]}; the notes say what could not be carried over as it was. Nothing is
 * committed. */
RS_API rs_status rs_rubric_convert(
    const char *bytes, size_t length, const char *options, rs_text **json);
/* Commits the text of a rubric: as a new one, or as the typed edits that lead to it.
 * options: {"rationale", "branch", "proposer": {"author": "human"|"meta"|"import", "name"},
 * "author": {"name", "email"}}. Without `branch` it goes to the one that is checked out, which may
 * have no commits yet; without `proposer` it is a person's; without `author` git must know who
 * commits. Answers as rs_edits_commit() does; `kind` is "created" or "edited". A text that is not
 * valid is RS_ERR_SYNTAX. */
RS_API rs_status rs_rubric_commit(
    rs_store *store, const char *bytes, size_t length, const char *options, rs_text **json);
/* Commits that a rubric is no longer there; options as above, `kind` is "removed". The proposer
 * "meta" may not remove what holds a pinned criterion. */
RS_API rs_status rs_rubric_remove(
    rs_store *store, const char *rubric, const char *options, rs_text **json);

/* Commits edits, all or none, on the tip of a branch; if others have moved it they are made anew.
 * request: {"edits": [EDIT], "rubric": ID, "branch": NAME, "rationale": TEXT, "proposer": {…},
 * "author": {…}, "provenance": {…}, "dryRun": false}; only `edits` must be there. An EDIT is what
 * `rubricctl apply` takes: {"op": "tighten", "id": "flow", "after": {…}, "because": "…"}. What it
 * leaves out, such as `before`, is taken from the branch's tip. In place of the list may stand the
 * object that `rubricctl propose` writes; what the request says goes before what is in it.
 * {"commit"|null, "parent"|null, "branch", "rubric", "kind", "edits", "comparability"|null,
 *  "rejudge": [ID], "retries", "warning": TEXT|null}; `warning` says why the work tree was left as it
 * is, if it was. Under dryRun nothing is committed, `commit` is null, and the work tree is not looked
 * at. Findings about the edits have the `file` "edits", and lines of their own text. */
RS_API rs_status rs_edits_commit(rs_store *store, const char *request, rs_text **json);

/* ---- History ------------------------------------------------------------------------------------ */

/* What changed and why, the newest first: an array of entries as `rubricctl log --json` has them.
 * request: {"from": "RUBRIC@REV", "criterion": ID, "operations": [OP], "limit": N,
 * "firstParent": false, "metrics": false}; NULL for all from HEAD on. `from` may be a rubric that is
 * gone. With `metrics`, each entry has the latest of what was noted about its commit:
 * "metrics": {NAME: {"value", "step"|null, "at"|null, "rubric"|null, "message"|null}}. */
RS_API rs_status rs_log_read(rs_store *store, const char *request, rs_text **json);
/* How two versions of a rubric differ:
 * {"rubric", "from", "to", "comparability", "rejudge", "sentence", "edits"}; `from` and `to` are full
 * hashes. Where one of the two names no rubric it is the other's. */
RS_API rs_status rs_diff_read(
    rs_store *store, const char *from, const char *to, rs_text **json);
/* Merges a branch, tag or commit by criterion and field.
 * request: {"revision": REV, "into": BRANCH, "settle": ["PLACE=RULE"], "settleAll": ["RULE"],
 * "fastForward": "allowed"|"never"|"only", "rationale", "proposer", "author", "dryRun": false,
 * "keep": false}; only `revision` must be there, in git's words. `keep` and `dryRun` exclude each
 * other. The answer is that of `rubricctl merge --json`, with "warning" as rs_edits_commit() has it;
 * its `kind` is "conflicts", and nothing was committed, where they are not all settled: that is no
 * error. */
RS_API rs_status rs_branch_merge(rs_store *store, const char *request, rs_text **json);
/* Records what was measured about a commit, in refs/notes/rubric-metrics.
 * request: {"revision": "RUBRIC@REV", "metrics": {NAME: NUMBER}, "step": N, "message": TEXT,
 * "author": {…}}; `revision` and at least one metric must be there. With REV alone the metrics are
 * about all that the commit holds.
 * {"commit", "metrics": [{"metric", "value", "step", "at", "rubric", "message"}], "remarks"}. */
RS_API rs_status rs_note_add(rs_store *store, const char *request, rs_text **json);
/* What was noted about a commit (REV or RUBRIC@REV); answers as rs_note_add() does. */
RS_API rs_status rs_note_list(rs_store *store, const char *revision, rs_text **json);

/* ---- Evidence ----------------------------------------------------------------------------------- */

/* Evidence and judgements are JSON lines, one graded rollout each; SPEC.md 13 describes them. */

/* What the same verdicts earn under another version.
 * request: {"from": "RUBRIC@REV", "to": REV, "top": 10, "assumeHeld": false, "each": false}.
 * The report of `rubricctl replay --json`; with `each`, "rollouts" has one object a line besides. */
RS_API rs_status rs_replay_read(
    rs_store *store, const char *request, const char *lines, size_t length, rs_text **json);
/* Proposes edits from evidence and has them reviewed; with `commit` what passes is committed, or a
 * no_change with the reasons.
 * request: {"rubric": ID, "branch": NAME, "commit": false, "policy": YAML_TEXT, "author": {…},
 * "proposal": {"name", "rationale", "edits": [{"edit": EDIT, "support": N}], "observations": […],
 * "provenance": {…}}}. Without `proposal` the edits come from statistics of the evidence; with it,
 * from a proposer of the caller's, and are held to the same review.
 * {"proposal": as `rubricctl propose --json`, "outcome": as rs_edits_commit() | null}. */
RS_API rs_status rs_evidence_update(
    rs_store *store, const char *request, const char *lines, size_t length, rs_text **json);
/* Holds a reward's stamp, as rs_pin_stamp() makes it, against the store.
 * {"valid": BOOL, "rubric", "commit", "problems": [{"field", "expected", "found", "message"}]}. A
 * stamp with `verdicts` and `reward` beside it is scored again. */
RS_API rs_status rs_stamp_verify(rs_store *store, const char *stamp, rs_text **json);

/* ---- Pins --------------------------------------------------------------------------------------- */

/* A rubric by commit hash, ready to judge and score with. It never changes. */
typedef struct rs_pin rs_pin;

/* Pulls RUBRIC@REV. Every object from the commit to the file is verified against its hash. A full
 * hash is kept in memory, so that the next pull of it costs no read, and needs nothing but this
 * process; with the store's `cache`, other processes find it in that folder, and it is verified again
 * there. A branch or tag is looked up anew each time, and is an error once it is gone. */
RS_API rs_status rs_pin_pull(rs_store *store, const char *revision, rs_pin **pin);
/* Pulls RUBRIC@FULL_HASH from a cache's folder alone, without a repository. */
RS_API rs_status rs_pin_pull_cached(const char *cache, const char *revision, rs_pin **pin);
RS_API rs_status rs_pin_free(rs_pin *pin);

/* {"rubric", "commit", "title", "mode", "criteria": N, "columns": [{"id", "title", "group"|null,
 *  "path": [ID], "min", "max", "polarity", "status"}], "hashes": {"content", "judge", "scoring"},
 *  "range": [MIN, MAX]|null}. `columns` are the criteria that are judged, in the order of the
 * document: the columns of a batch. `range` is where rewards lie. */
RS_API rs_status rs_pin_describe(rs_pin *pin, rs_text **json);
/* The document: "yaml" (canonical), "source" (the file as it is stored), or "json". */
RS_API rs_status rs_pin_document(rs_pin *pin, const char *format, rs_text **text);
/* What a judge reads; of one criterion alone if `criterion` is not NULL. */
RS_API rs_status rs_pin_prompt(rs_pin *pin, const char *criterion, rs_text **text);
/* The JSON Schema of the judge's answer. */
RS_API rs_status rs_pin_schema(rs_pin *pin, const char *criterion, rs_text **json);
/* What goes with a reward, so that it can be checked later:
 * {"stamp": "rubric-stamp/1", "rubric", "commit", "judge", "scoring", "library"}. */
RS_API rs_status rs_pin_stamp(rs_pin *pin, rs_text **json);

/* Scores one judgement: {"verdicts": {"flow": 4, "style": "na", "facts": {"error": "timeout"}},
 * "rollout": NAME, "rubric": COMMIT}; only `verdicts` must be there.
 * {"reward"|null, "raw"|null, "unscorable": […]}; with `explain`, contributions, gates and missing
 * verdicts besides. A judgement without a reward is RS_OK: the answer says why there is none. */
RS_API rs_status rs_pin_score(
    rs_pin *pin, const char *judgement, int32_t explain, rs_text **json);

/* The number of columns of a batch. */
RS_API rs_status rs_pin_columns(rs_pin *pin, size_t *criteria);

/* What a cell of a batch holds, by its mask. */
enum {
  RS_VERDICT_VALUE = 0,   /* a verdict in the criterion's scale; NaN is read as missing */
  RS_VERDICT_NA = 1,      /* the criterion does not apply */
  RS_VERDICT_ERROR = 2,   /* the judge failed */
  RS_VERDICT_MISSING = 3  /* there is no verdict */
};

/* Why a rollout has no reward: its first reason, in the order of the document. */
enum {
  RS_SCORED = 0,
  RS_UNSCORABLE_MISSING = 1,
  RS_UNSCORABLE_JUDGE_ERROR = 2,
  RS_UNSCORABLE_NOT_APPLICABLE = 3,
  RS_UNSCORABLE_INVALID_VALUE = 4,
  RS_UNSCORABLE_ZERO_DENOMINATOR = 5,
  RS_UNSCORABLE_NOT_FINITE = 6,
  RS_UNSCORABLE_INVALID_RUBRIC = 7
};

/* Scores many rollouts; each reward is, to the last bit, the one that rs_pin_score() gives.
 *
 *   verdicts       [rollouts, criteria], at verdicts + row * i + column * j BYTES; strides may be 0
 *                  or negative, and the doubles need not be aligned
 *   mask           [rollouts, criteria] of RS_VERDICT_*, without gaps; NULL if all are values
 *   rewards        [rollouts], written; NaN for a rollout without a reward
 *   reasons        [rollouts] of RS_SCORED or RS_UNSCORABLE_*, written; may be NULL
 *   contributions  [rollouts, criteria], without gaps, written: what each verdict added to the
 *                  raw reward, before clip and gates; NaN where it does not count; may be NULL
 *
 * `criteria` must be rs_pin_columns(). Nothing is allocated in proportion to the batch. */
RS_API rs_status rs_pin_score_batch(
    rs_pin *pin, size_t rollouts, size_t criteria, const double *verdicts, ptrdiff_t row,
    ptrdiff_t column, const uint8_t *mask, double *rewards, uint8_t *reasons,
    double *contributions);

/* ---- Following a branch ------------------------------------------------------------------------- */

/* Watches a branch for new versions of a rubric. */
typedef struct rs_follower rs_follower;

/* Follows RUBRIC@BRANCH, from `since` on: a full hash, whose rubric is not told again, or NULL to
 * begin with what is there. */
RS_API rs_status rs_follower_open(
    rs_store *store, const char *revision, const char *since, rs_follower **follower);
/* Waits at most `timeout` milliseconds (0: not at all, negative: for ever) for the branch to hold
 * another rubric than the last time; *pin is NULL, and the status RS_OK, if it did not. Of several
 * commits meanwhile the last is told. A branch that is gone is RS_ERR_NOT_FOUND. */
RS_API rs_status rs_follower_next(rs_follower *follower, int64_t timeout, rs_pin **pin);
/* Frees it; a call that waits in another thread returns RS_ERR_HANDLE. */
RS_API rs_status rs_follower_free(rs_follower *follower);

#ifdef __cplusplus
}
#endif

#endif
