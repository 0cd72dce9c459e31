/* batchkernel.h: scores rollouts of a rubric without groups, several at a time.
 *
 * The only code of the library in C: the compiler of Swift cannot make one function for several
 * kinds of processors, and with the vectors that every x86-64 has this takes half as long again.
 *
 * Each lane of a vector is one rollout, and adds up in the order of the document, in IEEE doubles
 * without fused operations: the rewards are, to the last bit, those of scoring one by one. Only
 * rollouts are scored whose verdicts are all there and admitted; the others are named, and left to
 * the caller. */

#ifndef BATCHKERNEL_H
#define BATCHKERNEL_H

#include <stddef.h>
#include <stdint.h>

/* Rollouts that are scored at once. */
#define BATCHKERNEL_ROWS 8

/* The verdicts that a column admits. */
enum {
  BATCHKERNEL_BINARY = 0, /* 0 or 1 */
  BATCHKERNEL_RANGE = 1,  /* low to high */
  BATCHKERNEL_STEPS = 2,  /* the same, in steps counted from low */
  BATCHKERNEL_LEVELS = 3  /* one of the levels */
};

/* What a verdict v is worth: (v - shift) / divisor, or times factor where the divisor is 0; taken
 * from `mirror` where the column is mirrored. */
typedef struct {
  size_t column; /* its number in the batch */
  /* How many columns, this one first, follow one another, are binary and worth their verdict. */
  size_t run;
  int32_t admits;   /* BATCHKERNEL_… */
  int32_t mirrored; /* 0 or 1 */
  double low, high, step;
  size_t level, levels; /* the first one, and how many */
  double shift, divisor, factor, mirror;
  double weight; /* negative where it takes away, 0 where it is only looked at */
} batchkernel_column;

typedef struct {
  const batchkernel_column *columns;
  size_t count;
  const double *levels;
  double total;        /* what the sum is divided by */
  double lower, upper; /* what the reward is clipped to */
} batchkernel_plan;

/* Scores `blocks` times 8 rollouts. Bit i of left[b] is set where rollout 8 b + i was not scored;
 * its reward means nothing. Neither verdicts nor rewards need be aligned. */
void batchkernel_score(
    const batchkernel_plan *plan, size_t blocks, const void *verdicts, ptrdiff_t row,
    ptrdiff_t column, void *rewards, uint8_t *left);
/* The same in the vectors that every processor of its kind has, for tests. */
void batchkernel_score_plainly(
    const batchkernel_plan *plan, size_t blocks, const void *verdicts, ptrdiff_t row,
    ptrdiff_t column, void *rewards, uint8_t *left);

#endif
