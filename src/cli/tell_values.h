// What a run says of values that its output could not hold.
#pragma once

#include "cli/console.h"
#include "imnorm/plan.h"

namespace imnorm::cli {

// A line a kind: NaN and infinities of the input, values that overflowed or were cut.
void TellValues(const RunReport& report, const Plan& plan, Console& console);

}  // namespace imnorm::cli
