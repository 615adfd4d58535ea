// posix_spawn, prlimit and waitpid.
#include "decode/isolated/decoding_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "decode/isolated/sandbox.h"
#include "io/retried.h"
#include "io/shortage.h"

namespace imnorm {
namespace {

// Above what the process finds, so that nothing is written over on the way.
Descriptor Above(Descriptor low) {
  constexpr int kAbove = 16;
  return Descriptor(fcntl(low.get(), F_DUPFD_CLOEXEC, kAbove));
}

class FileActions {
 public:
  FileActions() { posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;

  void Give(int fd, int as) { posix_spawn_file_actions_adddup2(&actions_, fd, as); }
  void Null(int as, int flags) {
    posix_spawn_file_actions_addopen(&actions_, as, "/dev/null", flags, 0);
  }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

// Signals as a new program has them, and a group of its own: an interrupt from the keyboard is the
// run's business.
class Attributes {
 public:
  Attributes() {
    posix_spawnattr_init(&attributes_);
    sigset_t set;
    sigemptyset(&set);
    posix_spawnattr_setsigmask(&attributes_, &set);
    sigfillset(&set);
    posix_spawnattr_setsigdefault(&attributes_, &set);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;

  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

Result<pid_t> Spawn(const std::string& program, int socket, int files, int rows) {
  FileActions actions;
  actions.Null(STDIN_FILENO, O_RDONLY);
  actions.Null(STDOUT_FILENO, O_WRONLY);
  actions.Null(STDERR_FILENO, O_WRONLY);
  actions.Give(socket, kDecodingSocket);
  actions.Give(files, kDecodingFiles);
  actions.Give(rows, kDecodingRows);
  const Attributes attributes;
  std::string name = "imnorm";
  std::string argument = kDecodingArgument;
  char* const arguments[] = {name.data(), argument.data(), nullptr};
  pid_t pid = -1;
  const int failed =
      posix_spawn(&pid, program.c_str(), actions.get(), attributes.get(), arguments, environ);
  if (failed == 0) return pid;
  if (failed == EAGAIN || IsShortage(failed)) return Shortage(failed);
  return Blame(
      "conduct.isolate",
      fmt::format("`conduct.isolate`: {} does not begin: {}", program, std::strerror(failed)),
      ErrorCode::kInstallation);
}

}  // namespace

Result<std::unique_ptr<DecodingProcess>> DecodingProcess::Begin(const std::string& program,
                                                                const Stop& stop) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return Shortage(errno);
  const Descriptor here(ends[0]);
  Descriptor there = Above(Descriptor(ends[1]));
  auto files = SharedMemory::Create("imnorm files");
  if (!files) return Failed(files);
  auto rows = SharedMemory::Create("imnorm rows");
  if (!rows) return Failed(rows);
  if (auto grown = rows->Grow(2 * kRowsHalfBytes); !grown) return Failed(grown);
  const Descriptor files_above = Above(CopyOf(files->fd()));
  const Descriptor rows_above = Above(CopyOf(rows->fd()));
  if (!there.is_open() || !files_above.is_open() || !rows_above.is_open()) return Shortage(errno);
  const auto pid = Spawn(program, there.get(), files_above.get(), rows_above.get());
  if (!pid) return Failed(pid);
  std::unique_ptr<DecodingProcess> process(
      new DecodingProcess(Channel(CopyOf(here.get())), std::move(*files), std::move(*rows)));
  process->pid_ = *pid;
  there.Close();
  switch (process->channel_.Receive(stop)) {
    case Channel::Received::kStopped:
      return Fail(ErrorCode::kCancelled, "stopped");
    case Channel::Received::kGone:
      return Fail(
          ErrorCode::kInstallation,
          fmt::format("a process that decodes ended at its beginning: {}", process->End().message));
    case Channel::Received::kMessage:
      break;
  }
  Unpacker content = process->channel_.content();
  if (process->channel_.kind() == MessageKind::kFailed) {
    auto error = UnpackError(content);
    return error ? Failed(std::move(*error)) : Failed(error);
  }
  process->own_bytes_ = content.Take<uint64_t>();
  return process;
}

DecodingProcess::~DecodingProcess() { static_cast<void>(End()); }

void DecodingProcess::Allow(uint64_t bytes) {
  if (!CanBoundMemory()) return;
  // What libraries take beside the pixels, and buffers that are kept.
  constexpr uint64_t kBeside = uint64_t{256} << 20;
  const uint64_t all = own_bytes_ + files_.bytes() + rows_.bytes() + kBeside + bytes;
  rlimit limit;
  if (prlimit(pid_, RLIMIT_AS, nullptr, &limit) != 0) return;
  may_take_all_ = limit.rlim_max == RLIM_INFINITY || all <= limit.rlim_max;
  limit.rlim_cur = std::min<rlim_t>(all, limit.rlim_max);
  prlimit(pid_, RLIMIT_AS, &limit, nullptr);
}

Error DecodingProcess::End() {
  if (pid_ < 0) return Error{ErrorCode::kCrashed, "its decoder is gone", ""};
  // Where it has ended already, this changes nothing of how it did.
  kill(pid_, SIGKILL);
  int status = 0;
  const pid_t ended = Retried([&] { return waitpid(std::exchange(pid_, -1), &status, 0); });
  if (ended < 0) return Error{ErrorCode::kCrashed, "its decoder is gone", ""};
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return MemoryShortage().value();
  if (WIFSIGNALED(status)) {
    return Error{ErrorCode::kCrashed,
                 fmt::format("its decoder crashed ({})", strsignal(WTERMSIG(status))), ""};
  }
  return Error{ErrorCode::kCrashed,
               fmt::format("its decoder ended with exit code {}", WEXITSTATUS(status)), ""};
}

}  // namespace imnorm
