// Which names the options choose, in a folder as in an archive.
#pragma once

#include <string_view>

#include "imnorm/inputs.h"

namespace imnorm {

// Whether a name has one of the extensions that are wanted, where any are.
bool IsSelectedName(std::string_view name, const InputOptions& options);

}  // namespace imnorm
