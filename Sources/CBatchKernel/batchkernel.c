#include "batchkernel.h"

/* A fused product and sum is rounded once, and would give other bits. */
#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

/* Four rollouts. Where a processor has no vectors as long, the compiler takes two. They are passed
 * by address: how they are passed by value differs between processors. */
typedef double lanes __attribute__((vector_size(32)));
typedef int64_t marks __attribute__((vector_size(32)));
typedef double pair __attribute__((vector_size(16)));

enum { HALVES = BATCHKERNEL_ROWS / 4 };

/* How the verdicts lie: of one rollout beside one another, of one criterion beside one another, or
 * neither. */
enum layout { BY_ROW, BY_COLUMN, APART };

INLINE double one(const char *at) {
  double value;
  __builtin_memcpy(&value, at, sizeof value);
  return value;
}

/* One column of four rollouts. */
INLINE void load(const char *at, ptrdiff_t row, enum layout layout, lanes *out) {
  if (layout == BY_COLUMN) {
    __builtin_memcpy(out, at, sizeof *out);
  } else {
    *out = (lanes){one(at), one(at + row), one(at + 2 * row), one(at + 3 * row)};
  }
}

/* Two columns that follow one another. */
INLINE void load_two(
    const char *at, ptrdiff_t row, ptrdiff_t column, enum layout layout, lanes *first,
    lanes *second) {
  if (layout == BY_ROW) {
    pair rows[4];
    for (int i = 0; i < 4; i++) __builtin_memcpy(&rows[i], at + i * row, sizeof rows[i]);
    lanes even = __builtin_shufflevector(rows[0], rows[2], 0, 1, 2, 3);
    lanes odd = __builtin_shufflevector(rows[1], rows[3], 0, 1, 2, 3);
    *first = __builtin_shufflevector(even, odd, 0, 4, 2, 6);
    *second = __builtin_shufflevector(even, odd, 1, 5, 3, 7);
  } else {
    load(at, row, layout, first);
    load(at + column, row, layout, second);
  }
}

/* Marks the lanes whose verdict is not admitted; NaN never is. */
INLINE void check(
    const batchkernel_plan *plan, const batchkernel_column *c, const lanes *verdict, marks *left) {
  lanes v = *verdict;
  switch (c->admits) {
    case BATCHKERNEL_BINARY:
      /* Infinity passes, and is found in the sum. */
      *left |= v * v != v;
      break;
    case BATCHKERNEL_RANGE: *left |= ~((v >= c->low) & (v <= c->high)); break;
    case BATCHKERNEL_STEPS: {
      *left |= ~((v >= c->low) & (v <= c->high));
      /* What is added has no room for a fraction. A half goes to the even side here and away from 0
       * in Swift, but is as far from either. */
      const double rounding = 0x1.8p52;
      lanes steps = (v - c->low) / c->step;
      lanes whole = (steps + rounding) - rounding;
      const marks sign = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
      lanes distance = (lanes)((marks)(steps - whole) & ~sign);
      lanes size = (lanes)((marks)steps & ~sign);
      lanes least = {1, 1, 1, 1};
      marks large = size >= least;
      lanes allowed = 1e-9 * (lanes)(((marks)size & large) | ((marks)least & ~large));
      *left |= ~((distance <= allowed) & (size < 0x1p51));
      break;
    }
    default: {
      marks found = {0};
      for (size_t i = 0; i < c->levels; i++) found |= v == plan->levels[c->level + i];
      *left |= ~found;
    }
  }
}

/* What verdicts are worth. */
INLINE void value(const batchkernel_column *c, lanes *verdict) {
  lanes v = *verdict - c->shift;
  if (c->divisor != 0) {
    v = v / c->divisor;
  } else {
    v = v * c->factor;
  }
  *verdict = c->mirrored ? c->mirror - v : v;
}

/* Scores eight rollouts. */
INLINE uint8_t score(
    const batchkernel_plan *plan, const char *verdicts, ptrdiff_t row, ptrdiff_t column,
    enum layout layout, char *rewards) {
  const char *rows[HALVES];
  lanes sums[HALVES];
  marks left[HALVES];
  for (int half = 0; half < HALVES; half++) {
    rows[half] = verdicts + 4 * half * row;
    sums[half] = (lanes){0};
    left[half] = (marks){0};
  }
  for (size_t j = 0; j < plan->count;) {
    const batchkernel_column *c = &plan->columns[j];
    ptrdiff_t at = (ptrdiff_t)c->column * column;
    if (c->run < 2) {
      for (int half = 0; half < HALVES; half++) {
        lanes v;
        load(rows[half] + at, row, layout, &v);
        check(plan, c, &v, &left[half]);
        value(c, &v);
        v = v * c->weight;
        sums[half] = sums[half] + v;
      }
      j += 1;
      continue;
    }
    size_t pairs = c->run / 2;
    j += 2 * pairs;
    for (; pairs > 0; pairs--, c += 2, at += 2 * column) {
      for (int half = 0; half < HALVES; half++) {
        lanes v, w;
        load_two(rows[half] + at, row, column, layout, &v, &w);
        left[half] |= (v * v != v) | (w * w != w);
        v = v * c[0].weight;
        sums[half] = sums[half] + v;
        w = w * c[1].weight;
        sums[half] = sums[half] + w;
      }
    }
  }
  int64_t marked[BATCHKERNEL_ROWS];
  int64_t any = 0;
  for (int half = 0; half < HALVES; half++) {
    lanes raw = sums[half] / plan->total;
    left[half] |= raw - raw != 0;
    lanes lower = {plan->lower, plan->lower, plan->lower, plan->lower};
    lanes upper = {plan->upper, plan->upper, plan->upper, plan->upper};
    marks low = lower >= raw;
    lanes clipped = (lanes)(((marks)lower & low) | ((marks)raw & ~low));
    marks high = upper < clipped;
    clipped = (lanes)(((marks)upper & high) | ((marks)clipped & ~high));
    __builtin_memcpy(rewards + half * sizeof clipped, &clipped, sizeof clipped);
    __builtin_memcpy(&marked[4 * half], &left[half], sizeof left[half]);
    for (int lane = 0; lane < 4; lane++) any |= left[half][lane];
  }
  uint8_t bits = 0;
  if (any != 0) {
    for (int i = 0; i < BATCHKERNEL_ROWS; i++) bits |= (uint8_t)((marked[i] & 1) << i);
  }
  return bits;
}

INLINE void score_all(
    const batchkernel_plan *plan, size_t blocks, const char *verdicts, ptrdiff_t row,
    ptrdiff_t column, enum layout layout, char *rewards, uint8_t *left) {
  for (size_t block = 0; block < blocks; block++) {
    left[block] = score(plan, verdicts, row, column, layout, rewards);
    /* Not past the last one: that may lie anywhere. */
    if (block + 1 < blocks) verdicts += BATCHKERNEL_ROWS * row;
    rewards += BATCHKERNEL_ROWS * sizeof(double);
  }
}

INLINE void score_layout(
    const batchkernel_plan *plan, size_t blocks, const char *verdicts, ptrdiff_t row,
    ptrdiff_t column, char *rewards, uint8_t *left) {
  const ptrdiff_t unit = sizeof(double);
  if (column == unit) {
    score_all(plan, blocks, verdicts, row, column, BY_ROW, rewards, left);
  } else if (row == unit) {
    score_all(plan, blocks, verdicts, row, column, BY_COLUMN, rewards, left);
  } else {
    score_all(plan, blocks, verdicts, row, column, APART, rewards, left);
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void score_avx2(
    const batchkernel_plan *plan, size_t blocks, const char *verdicts, ptrdiff_t row,
    ptrdiff_t column, char *rewards, uint8_t *left) {
  score_layout(plan, blocks, verdicts, row, column, rewards, left);
}
#endif

void batchkernel_score_plainly(
    const batchkernel_plan *plan, size_t blocks, const void *verdicts, ptrdiff_t row,
    ptrdiff_t column, void *rewards, uint8_t *left) {
  score_layout(plan, blocks, verdicts, row, column, rewards, left);
}

void batchkernel_score(
    const batchkernel_plan *plan, size_t blocks, const void *verdicts, ptrdiff_t row,
    ptrdiff_t column, void *rewards, uint8_t *left) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) {
    score_avx2(plan, blocks, verdicts, row, column, rewards, left);
    return;
  }
#endif
  batchkernel_score_plainly(plan, blocks, verdicts, row, column, rewards, left);
}
