// imnorm normalize: pictures or a tensor to one tensor file.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kNormalize;

}  // namespace imnorm::cli
