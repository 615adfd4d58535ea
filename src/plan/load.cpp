// From the name of a preset or a file to a plan.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "imnorm/plan.h"

namespace imnorm {
namespace {

// No config is larger; a picture given by mistake is refused before it is read.
constexpr off_t kLargestFile = off_t(16) << 20;

tl::unexpected<Error> SystemError(const std::string& path) {
  return Fail(ErrorCode::kIo, path + ": " + std::strerror(errno));
}

Result<std::string> ReadOpenFile(int file, const std::string& path) {
  struct stat status = {};
  if (::fstat(file, &status) != 0) return SystemError(path);
  if (!S_ISREG(status.st_mode)) return Fail(ErrorCode::kIo, path + ": not a regular file");
  if (status.st_size > kLargestFile) {
    return Fail(ErrorCode::kBadConfig, path + ": too large for a config file");
  }
  std::string text;
  char buffer[16384];
  while (text.size() <= size_t(kLargestFile)) {
    const ssize_t got = ::read(file, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(path);
    if (got == 0) return text;
    text.append(buffer, size_t(got));
  }
  return Fail(ErrorCode::kBadConfig, path + ": too large for a config file");
}

Result<std::string> ReadConfigFile(const std::string& path) {
  // Without O_NONBLOCK a FIFO in the file's place would wait for a writer for ever.
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return SystemError(path);
  Result<std::string> text = ReadOpenFile(file, path);
  ::close(file);
  return text;
}

// A preset's name has no separator and no ending; whatever has one is meant as a file.
bool LooksLikeFile(const std::string& name) {
  return name.find('/') != std::string::npos || name.ends_with(".json");
}

}  // namespace

Result<Plan> LoadPreset(const std::string& name_or_file) {
  if (!LooksLikeFile(name_or_file)) {
    Result<Plan> preset = PresetPlan(name_or_file);
    if (preset || ::access(name_or_file.c_str(), F_OK) != 0) return preset;
  }
  const Result<std::string> text = ReadConfigFile(name_or_file);
  if (!text) return tl::unexpected<Error>(text.error());
  Result<Plan> plan = PlanFromForeignConfig(*text);
  if (!plan) return Prefixed(name_or_file, plan.error());
  plan->preset = name_or_file;
  return plan;
}

}  // namespace imnorm
