#include "floor.h"

#pragma STDC FP_CONTRACT OFF

void floor_weighted_sums(
    const double *verdicts, const double *weights, size_t rollouts, size_t criteria,
    double *sums) {
  for (size_t i = 0; i < rollouts; i++) {
    const double *row = verdicts + i * criteria;
    double sum = 0;
    for (size_t j = 0; j < criteria; j++) sum += row[j] * weights[j];
    sums[i] = sum;
  }
}
