// The one error type, and the value-or-error that every fallible function returns.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace imnorm {

// Each code leads its caller to a different action; the message is for people only.
enum class ErrorCode {
  kBadArgument,   // the command line or an API argument is wrong
  kBadConfig,     // a preset, config or state file is wrong
  kNotFound,      // a named thing does not exist
  kIo,            // the operating system refused
  kUnsupported,   // a valid file of a kind that imnorm does not read or write
  kCorrupt,       // the decoder saw damage
  kTooLarge,      // over a limit, refused before any allocation
  kTimeout,       // it took longer than it may
  kCrashed,       // its decoder died of it, or did what no decoder does
  kCancelled,     // the user asked to stop
  kInstallation,  // a part of imnorm itself is missing or does not load: nobody's file is to blame
};

// Rules:    a message names a setting by its path between backticks, so that a front end can put
// its
//           own word there: a command line its flag, `layer.eps` stays for a library
struct [[nodiscard]] Error {
  ErrorCode code;
  std::string message;
  // The setting to blame, or that helps: its path in the Plan ("resize.width") or in the Job
  // ("output.overwrite"); "" for none.
  std::string setting = {};
};

template <typename T>
using Result = tl::expected<T, Error>;

// Makes the error side of a Result.
inline tl::unexpected<Error> Fail(ErrorCode code, std::string message) {
  return tl::unexpected<Error>(Error{code, std::move(message)});
}

// The error of a setting; see Error.
inline tl::unexpected<Error> Blame(std::string setting, std::string message,
                                   ErrorCode code = ErrorCode::kBadArgument) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(setting)});
}

// Passes the error of a result on.
template <typename R>
tl::unexpected<Error> Failed(R&& result) {
  return tl::unexpected<Error>(std::forward<R>(result).error());
}

inline tl::unexpected<Error> Failed(Error error) { return tl::unexpected<Error>(std::move(error)); }

// Puts `where` (a path, a flag) in front of an error's message on its way up.
inline tl::unexpected<Error> Prefixed(const std::string& where, Error error) {
  error.message = where + ": " + error.message;
  return tl::unexpected<Error>(std::move(error));
}

// The code's name as reports print it: "corrupt", "unsupported", ...
const char* ErrorCodeName(ErrorCode code);

}  // namespace imnorm
