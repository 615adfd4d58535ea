// imnorm inspect: what files are and hold.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kInspect;

}  // namespace imnorm::cli
