// Walking a folder: every regular file below it, through links to folders, too.
#pragma once

#include <cstdint>
#include <string>

#include "imnorm/inputs.h"
#include "source/exclude.h"

namespace imnorm {

// Appends the files below `folder` to the list, unsorted, as inputs of root number `root`.
//
// Rules:    a folder that cannot be read becomes an input with list_error: reported, not lost.
//           Links to folders are followed where options say so, each folder once: the folders that
//           are there without a link first, then links in the order of their paths, so that a
//           folder's files have the same paths on every machine
void WalkFolder(const std::string& folder, uint32_t root, const InputOptions& options,
                Excludes& excludes, InputList& list);

}  // namespace imnorm
