// Closed standard streams are held by something that can be neither read nor written.
#include "cli/standard_streams.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/descriptor.h"

namespace imnorm::cli {
namespace {

// Not /dev/null: opened anew under a name such as /dev/stdout it would swallow everything.
constexpr const char* kHeldBy = "/";

bool held[STDERR_FILENO + 1] = {};

}  // namespace

void HoldStandardStreams() {
  for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; ++stream) {
    if (fcntl(stream, F_GETFD) >= 0) continue;
    // The lowest free number is this one.
    Descriptor opened(open(kHeldBy, O_PATH));
    held[stream] = opened.get() == stream;
    if (held[stream]) opened.Release();
  }
}

const char* ClosedStream(const std::string& path) {
  constexpr const char* kNames[] = {"standard input", "standard output", "standard error"};
  struct stat named, there;
  if (path == kHeldBy || stat(path.c_str(), &named) != 0) return nullptr;
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO, STDIN_FILENO}) {
    if (held[stream] && fstat(stream, &there) == 0 && there.st_ino == named.st_ino &&
        there.st_dev == named.st_dev) {
      return kNames[stream];
    }
  }
  return nullptr;
}

}  // namespace imnorm::cli
