// Finding and loading imnorm's own modules.
#pragma once

#include <string>

#include "imnorm/error.h"

namespace imnorm {

// Loads a module and returns the address of its entry function. It is never unloaded.
//
// Rules:    looked for in $IMNORM_MODULE_PATH, then from the folder of the running program and of
//           the object that holds this code: beside it, in modules/, ../modules/, and in the
//           library folder's imnorm/; at last where this build would be installed
// Errors:   kUnsupported: not found or not loadable, with every place that was tried
Result<void*> LoadModule(const std::string& file_name, const char* entry);

}  // namespace imnorm
