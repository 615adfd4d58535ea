// Opens a descriptor or a file for events, and writes them.
#include "cli/event_log.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/parse_values.h"

namespace imnorm::cli {
namespace {

// What every log begins with: a picture, or any other file, does not.
std::string Beginning() {
  JsonRow row;
  row.Add("event", JsonString("start"));
  std::string text = row.Text();
  text.pop_back();
  return text;
}

bool IsNumber(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Whether events may be added to what stands there: nothing, or events.
bool TakesEvents(const std::string& path) {
  const Descriptor file = OpenToRead(path);
  struct stat status;
  if (!file.is_open() || fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) return true;
  const std::string wanted = Beginning();
  std::string begin(wanted.size(), '\0');
  const ssize_t size = Retried([&] { return pread(file.get(), begin.data(), begin.size(), 0); });
  return size == 0 || (size > 0 && begin == wanted);
}

}  // namespace

Result<EventLog> EventLog::Open(const std::string& where) {
  if (IsNumber(where)) {
    const auto number = ParseNumber<int>(where);
    Descriptor copy = number ? CopyOf(*number) : Descriptor();
    if (!copy.is_open()) {
      return Fail(ErrorCode::kBadArgument,
                  fmt::format("--json-log {}: there is no such descriptor; a file of that name is "
                              "./{}",
                              where, where));
    }
    return EventLog(std::move(copy));
  }
  if (!TakesEvents(where)) {
    return Fail(
        ErrorCode::kBadArgument,
        fmt::format("--json-log {}: it is there and holds something else than events", where));
  }
  Descriptor file = OpenToAppend(where);
  if (!file.is_open()) {
    return Fail(ErrorCode::kIo, fmt::format("--json-log {}: {}", where, std::strerror(errno)));
  }
  return EventLog(std::move(file));
}

void EventLog::Write(std::string_view row) {
  const std::string line = fmt::format("{}\n", row);
  std::string_view left = line;
  while (file_.is_open() && !left.empty()) {
    const ssize_t n = Retried([&] { return write(file_.get(), left.data(), left.size()); });
    if (n <= 0) return file_.Close();
    left.remove_prefix(size_t(n));
  }
}

}  // namespace imnorm::cli
