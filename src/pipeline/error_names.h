// Error codes as manifests and statistics name them, read back.
#pragma once

#include <string_view>

#include "imnorm/error.h"

namespace imnorm {

// kIo where no code has such a name.
ErrorCode ErrorCodeOfName(std::string_view name);

}  // namespace imnorm
