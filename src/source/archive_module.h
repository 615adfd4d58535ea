// What the archive module offers: libarchive's readers of tar and zip behind plain functions,
// loaded when an archive is met.
//
// libarchive brings a dozen libraries (libxml2, ICU, libcrypto...) and a millisecond of start-up,
// which is more than all of imnorm's own.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>

namespace imnorm {

struct ArchiveMember {
  enum class Kind { kFile, kHardLink, kSymbolicLink, kFolder, kOther };

  const char* name = nullptr;    // as it stands in the archive; until the next member
  const char* target = nullptr;  // of a link
  Kind kind = Kind::kOther;
  int64_t bytes = -1;  // -1: not told
  bool encrypted = false;
  bool sparse = false;
};

constexpr int kArchiveApi = 2;  // raised with every change here

struct ArchiveFunctions {
  int api;
  void* (*open)(int fd);  // null: out of memory; afterwards error() tells whether it is an archive
  void (*close)(void* archive);
  // 1 and the next member, 0 after the last, -1 on damage.
  int (*next)(void* archive, ArchiveMember* member);
  ssize_t (*read)(void* archive, void* out, size_t bytes);  // -1 on damage
  int64_t (*consumed)(void* archive);                       // bytes of the file so far
  const char* (*error)(void* archive);                      // null where there was none
  int (*error_number)(void* archive);                       // errno where it has one, else 0
};

// The module's entry: `const ArchiveFunctions* imnorm_archive()`.
constexpr const char* kArchiveEntry = "imnorm_archive";

}  // namespace imnorm
