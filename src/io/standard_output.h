// Standard output as a place for results.
#pragma once

#include <string_view>

#include "imnorm/error.h"
#include "imnorm/stop.h"

namespace imnorm {

// Writes all of `bytes`, or as much as there is time for until `stop` says so.
//
// Errors:   kCancelled: stopped, or the other end of the pipe was closed, which is no reason to
//           complain; kIo
Result<void> WriteStdout(std::string_view bytes, const Stop& stop = {});

}  // namespace imnorm
