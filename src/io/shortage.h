// What the system runs out of is no file's fault.
#pragma once

#include <cerrno>
#include <cstring>
#include <string>

#include "imnorm/error.h"

namespace imnorm {

// The error of a run, whatever it was about to do; it blames what takes less.
//
// Errors:   kIo
inline tl::unexpected<Error> MemoryShortage() {
  return Blame("conduct.memory",
               "the system has no memory left; a smaller `conduct.memory` or fewer "
               "`conduct.threads` take less",
               ErrorCode::kIo);
}

// The same of an error number, where it is one of a shortage.
inline bool IsShortage(int error) {
  return error == EMFILE || error == ENFILE || error == ENOMEM || error == ENOBUFS;
}
inline tl::unexpected<Error> Shortage(int error) {
  if (error == ENOMEM) return MemoryShortage();
  return Blame("conduct.threads",
               std::string(std::strerror(error)) +
                   ": fewer `conduct.threads`, or a larger limit (ulimit -n), leave room",
               ErrorCode::kIo);
}

// A temporary file that fails is no input's fault either.
constexpr const char* kTemporaryFiles = "TMPDIR";

inline bool IsShortage(const Error& error) {
  return error.code == ErrorCode::kIo &&
         (error.setting == "conduct.memory" || error.setting == "conduct.threads" ||
          error.setting == kTemporaryFiles);
}

}  // namespace imnorm
