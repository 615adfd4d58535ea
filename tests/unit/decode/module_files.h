// Files of formats whose module a build may lack: their headers are read without it.
#pragma once

#include <vector>

#include "unit/decode/formats.h"

namespace imnorm::testing {

// Adds one of each, kFormatWidth x kFormatHeight.
void AddModuleFiles(std::vector<FormatFile>& files);

}  // namespace imnorm::testing
