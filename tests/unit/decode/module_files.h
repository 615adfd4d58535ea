// Files of formats that came later: of modules, whose headers are read without one, and small ones.
#pragma once

#include <vector>

#include "unit/decode/formats.h"

namespace imnorm::testing {

// Adds some of each, QOI and TGA among them, kFormatWidth x kFormatHeight.
void AddModuleFiles(std::vector<FormatFile>& files);

}  // namespace imnorm::testing
