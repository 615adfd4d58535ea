// Files of checksums: whether the bytes of a file are still those that somebody had.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/inputs.h"
#include "source/digest.h"
#include "source/exclude.h"

namespace imnorm {

// Of one file, as a list of them has it.
struct FileChecksum {
  enum class Kind {
    kNone,    // the list has none
    kSha256,  // a line of `sha256sum --tag`
    kBlake3,  // a line of `b3sum --tag`
    kEither,  // a line of either: they look alike
  };
  std::string name;
  Kind kind = Kind::kNone;
  Digest digest = {};
};

// Reads a list as sha256sum and b3sum write it, with names in quotes of theirs, or with --tag.
//
// Rules:    a name that is there twice has the same checksum twice
// Errors:   kBadArgument: a line is none, or of another kind (MD5, SHA-1...)
Result<std::vector<FileChecksum>> ParseChecksums(std::string_view text);

// Gives each input of `list` its checksum out of options.checksums, by path; names there are
// relative to the folder of that file.
//
// Rules:    an input without one fails when it is read. A picture that the list has below an INPUT
//           and that is not there becomes an input that is not found
// Errors:   those of reading and parsing it, kInstallation; blame source.checksums
Result<void> GiveChecksums(const InputOptions& options, Excludes& excludes, InputList& list);

// Errors:   kCorrupt: they are others; kNotFound: there is no checksum
Result<void> CheckBytes(const FileChecksum& checksum, std::span<const uint8_t> bytes);

// The line of a file for a list at `list_path`, as sha256sum writes it, with its end.
std::string ChecksumLine(const Digest& digest, const std::string& path,
                         const std::string& list_path);

}  // namespace imnorm
