// imnorm help: what a command takes.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kHelp;

}  // namespace imnorm::cli
