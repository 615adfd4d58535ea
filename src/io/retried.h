// System calls that a signal interrupted, made again.
#pragma once

#include <cerrno>

namespace imnorm {

// Calls until the call is not interrupted; its result, and errno where that is below 0.
template <typename Call>
auto Retried(Call&& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) result = call();
  return result;
}

}  // namespace imnorm
