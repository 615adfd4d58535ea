// imnorm compare: where two tensors, or a tensor and pictures, differ.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kCompare;

}  // namespace imnorm::cli
