// The bytes of an input, wherever they are.
#pragma once

#include <cstdint>
#include <vector>

#include "imnorm/inputs.h"

namespace imnorm {

// Reads an input whole, or only its first bytes where no codec knows those.
//
// Errors:   those of ReadFile; of what was met while listing, that
Result<void> ReadInput(const Input& input, uint64_t max_bytes, std::vector<uint8_t>& bytes,
                       const Stop& stop = {});

}  // namespace imnorm
