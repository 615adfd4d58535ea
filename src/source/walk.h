// Walking a folder: every regular file below it, without following links to folders.
#pragma once

#include "imnorm/inputs.h"

namespace imnorm {

// Appends the files below `folder` to the list, unsorted, as inputs of root number `root`.
//
// Rules:    a folder that cannot be read becomes an input with list_error: reported, not lost
void WalkFolder(const std::string& folder, uint32_t root, const InputOptions& options,
                InputList& list);

// Whether a name ends in an extension that pictures have.
bool HasPictureExtension(std::string_view name);

}  // namespace imnorm
