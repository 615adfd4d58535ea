// imnorm presets: the list of presets, or one of them.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kPresets;

}  // namespace imnorm::cli
