// The names of error codes.
#include "imnorm/error.h"

namespace imnorm {

const char* ErrorCodeName(ErrorCode code) {
  switch (code) {
    case ErrorCode::kBadArgument:
      return "bad argument";
    case ErrorCode::kBadConfig:
      return "bad config";
    case ErrorCode::kNotFound:
      return "not found";
    case ErrorCode::kIo:
      return "i/o";
    case ErrorCode::kUnsupported:
      return "unsupported";
    case ErrorCode::kCorrupt:
      return "corrupt";
    case ErrorCode::kTooLarge:
      return "too large";
    case ErrorCode::kTimeout:
      return "timeout";
    case ErrorCode::kCrashed:
      return "crashed";
    case ErrorCode::kCancelled:
      return "cancelled";
    case ErrorCode::kInstallation:
      return "installation";
  }
  return "unknown";
}

}  // namespace imnorm
