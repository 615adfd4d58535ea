// imnorm formats: what this installation reads.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kFormats;

}  // namespace imnorm::cli
