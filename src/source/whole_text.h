// Lists that users name, as text.
#pragma once

#include <string>

#include "imnorm/error.h"

namespace imnorm {

// The text of a list, from a file, a pipe or standard input ("-").
//
// Rules:    with `stops_at_nul` no more than shows that it is no list of lines
// Errors:   kNotFound, kIo; kTooLarge: what goes on, such as /dev/zero
Result<std::string> ReadWholeText(const std::string& path, bool stops_at_nul);

}  // namespace imnorm
