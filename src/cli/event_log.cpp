// Opens a descriptor or a file for events, and writes them.
#include "cli/event_log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "cli/parse_values.h"
#include "io/regular_file.h"

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

// Events may be added to what stands there if that is nothing, or events.
Result<void> MayTakeEvents(const std::string& path) {
  const std::string wanted = Beginning();
  int error = 0;
  const std::string begin = BeginningOf(path, wanted.size(), &error);
  // One that may not be read may yet be written.
  if (error != 0 && error != ENOENT && error != EACCES) {
    return Fail(ErrorCode::kIo, fmt::format("--json-log {}: {}", path, std::strerror(error)));
  }
  if (begin.empty() || begin == wanted) return {};
  return Fail(ErrorCode::kBadArgument,
              fmt::format("--json-log {}: it is there and holds something else than events", path));
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
  if (auto may = MayTakeEvents(where); !may) return Failed(may);
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
