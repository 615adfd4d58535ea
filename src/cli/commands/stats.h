// imnorm stats: statistics of pictures or of a tensor.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kStats;

}  // namespace imnorm::cli
