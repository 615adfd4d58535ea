// imnorm merge: statistics of shards added up.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kMerge;

}  // namespace imnorm::cli
