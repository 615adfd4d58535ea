// Keeps the last error of each thread.
#include "c_api/guard.h"

#include <cstring>

namespace imnorm::c_api {
namespace {

// Of a fixed length, so that keeping a reason never fails.
thread_local char last_error[1024] = "";

}  // namespace

imnorm_code CodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kBadArgument:
      return IMNORM_BAD_ARGUMENT;
    case ErrorCode::kBadConfig:
      return IMNORM_BAD_CONFIG;
    case ErrorCode::kNotFound:
      return IMNORM_NOT_FOUND;
    case ErrorCode::kIo:
      return IMNORM_IO;
    case ErrorCode::kUnsupported:
      return IMNORM_UNSUPPORTED;
    case ErrorCode::kCorrupt:
      return IMNORM_CORRUPT;
    case ErrorCode::kTooLarge:
      return IMNORM_TOO_LARGE;
    case ErrorCode::kCancelled:
      return IMNORM_CANCELLED;
    case ErrorCode::kInstallation:
      return IMNORM_INSTALLATION;
    case ErrorCode::kTimeout:
      return IMNORM_TIMEOUT;
    case ErrorCode::kCrashed:
      return IMNORM_CRASHED;
  }
  return IMNORM_INTERNAL;
}

imnorm_code Refuse(imnorm_code code, const char* message) noexcept {
  const size_t length = std::min(std::strlen(message), sizeof last_error - 1);
  std::memcpy(last_error, message, length);
  last_error[length] = '\0';
  return code;
}

}  // namespace imnorm::c_api

extern "C" const char* imnorm_last_error(void) { return imnorm::c_api::last_error; }
