// Standard output as a place for results.
#pragma once

#include <atomic>
#include <string_view>

#include "imnorm/error.h"

namespace imnorm {

// Writes all of `bytes`, or as much as there is time for until `stop` is not 0.
//
// Errors:   kCancelled: stopped, or the other end of the pipe was closed, which is no reason to
//           complain; kIo
Result<void> WriteStdout(std::string_view bytes, const std::atomic<int>* stop = nullptr);

}  // namespace imnorm
