// What happens in a run as lines of JSON, for programs that started it.
#pragma once

#include <string>
#include <string_view>

#include "imnorm/error.h"
#include "io/descriptor.h"
#include "json/json_text.h"

namespace imnorm::cli {

// A line an event, each written whole as it happens.
//
// Rules:    events are start, listed, progress, failure, message, summary and end; each has
// `event`.
//           A reader that is gone ends the log and not the run
// Threads:  one at a time
class EventLog {
 public:
  // `where` is the number of an open descriptor, or a file that events are added to.
  //
  // Errors:   kBadArgument: the descriptor is not open, the file holds something else than events;
  //           kIo
  static Result<EventLog> Open(const std::string& where);

  void Write(std::string_view row);

 private:
  explicit EventLog(Descriptor file) : file_(std::move(file)) {}

  Descriptor file_;
};

}  // namespace imnorm::cli
