// What a run says of a tensor whose sides look like another order of axes than it is taken in.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cli/console.h"
#include "imnorm/plan.h"

namespace imnorm::cli {

// `shape` is the input tensor's, empty for pictures; `method` that of the normalisation, if any.
void TellShape(const std::vector<int64_t>& shape, std::optional<Method> method, Console& console);

}  // namespace imnorm::cli
