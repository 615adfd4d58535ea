// A comparison in the forms in which people and programs take it.
#pragma once

#include <string>

#include "imnorm/compare.h"

namespace imnorm::cli {

// JSON (schema imnorm.compare/1), ends in a newline.
std::string ComparisonToJson(const ComparedSide& a, const ComparedSide& b,
                             const Tolerance& tolerance, const Comparison& comparison);

// For a terminal of so many columns.
std::string ComparisonTable(const ComparedSide& a, const ComparedSide& b,
                            const Comparison& comparison, size_t width);

// The key of a cause in JSON: "channel_order", ...
std::string_view CauseName(Cause cause);

}  // namespace imnorm::cli
