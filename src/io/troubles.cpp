// Troubles are few and rare: a list behind a lock.
#include "io/troubles.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <mutex>
#include <utility>

namespace imnorm {
namespace {

constexpr size_t kMost = 16;

std::mutex mutex;
std::vector<std::string>& Noted() {
  static std::vector<std::string> noted;
  return noted;
}

}  // namespace

void NoteTrouble(std::string_view text) noexcept {
  try {
    const std::lock_guard lock(mutex);
    std::vector<std::string>& noted = Noted();
    if (noted.size() < kMost && std::find(noted.begin(), noted.end(), text) == noted.end()) {
      noted.emplace_back(text);
    }
  } catch (const std::exception&) {
    // Without memory for a line there will be more to tell than this.
  }
}

std::vector<std::string> TakeTroubles() {
  const std::lock_guard lock(mutex);
  return std::exchange(Noted(), {});
}

void RemoveOwn(const std::string& path) noexcept {
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return;
  const int error = errno;
  try {
    NoteTrouble(
        fmt::format("{}: is left, since it cannot be removed: {}", path, std::strerror(error)));
  } catch (const std::exception&) {
  }
}

}  // namespace imnorm
