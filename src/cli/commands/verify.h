// imnorm verify: what may be wrong with pictures.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kVerify;

}  // namespace imnorm::cli
