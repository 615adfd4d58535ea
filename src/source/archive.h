// Tar and zip archives as inputs: a list of their members, whose bytes are kept until they are
// read.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "imnorm/inputs.h"
#include "source/exclude.h"

namespace imnorm {

// Whether a file is an archive by its first bytes: zip, tar, or what gzip or zstd made.
bool IsArchive(std::span<const uint8_t> head);

// Appends the members of the archive at `path` to the list, unsorted, as inputs of root number
// `root`; "-" is standard input.
//
// Rules:    members have the keys that files of an unpacked folder would have, and are chosen as
//           those are. Nothing is unpacked under a name: a name that leads out of the archive, a
//           symbolic link to a picture, an encrypted or sparse member is a failed input, and so is
//           the rest of an archive that is damaged. Of members of one name the last counts
// Errors:   kUnsupported: the module is missing; kIo: the archive or a temporary file
Result<void> ListArchive(const std::string& path, uint32_t root, const InputOptions& options,
                         Excludes& excludes, InputList& list);

}  // namespace imnorm
