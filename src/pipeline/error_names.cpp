// The names of error codes, looked through.
#include "pipeline/error_names.h"

namespace imnorm {

ErrorCode ErrorCodeOfName(std::string_view name) {
  for (int code = 0; code <= int(ErrorCode::kInstallation); ++code) {
    if (ErrorCodeName(ErrorCode(code)) == name) return ErrorCode(code);
  }
  return ErrorCode::kIo;
}

}  // namespace imnorm
