// 95% confidence intervals from standard errors.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "statistics/summary.h"

namespace imnorm {

// The 97.5% point of Student's t distribution.
//
// Rules:    degrees >= 1
// Numbers:  within 1e-5 of the true value; only + - * /, so the same bits on every machine
// Source:   Fisher's expansion in 1 / degrees (Abramowitz and Stegun 26.7.5), from 10 degrees on
double StudentT975(uint64_t degrees);

// estimate -+ t * error; empty where either does not exist.
std::optional<std::pair<double, double>> Interval95(MaybeNumber estimate, MaybeNumber error,
                                                    uint64_t images);

}  // namespace imnorm
