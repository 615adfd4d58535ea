// imnorm completions SHELL.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kCompletions;

}  // namespace imnorm::cli
