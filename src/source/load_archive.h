// The archive module, once it is needed.
#pragma once

#include "imnorm/error.h"
#include "source/archive_module.h"

namespace imnorm {

// Errors:   kInstallation
Result<const ArchiveFunctions*> LoadArchive();

}  // namespace imnorm
