// Standard output as a place for results.
#pragma once

#include <string_view>

#include "imnorm/error.h"

namespace imnorm {

// Writes all of `bytes`.
//
// Errors:   kCancelled: the other end of the pipe was closed, which is no reason to complain; kIo
Result<void> WriteStdout(std::string_view bytes);

}  // namespace imnorm
