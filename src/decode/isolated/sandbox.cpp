// Limits, the handler of refused calls, and the filter of the module.
#include "decode/isolated/sandbox.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "decode/isolated/decoding_process.h"
#include "decode/isolated/messages.h"
#include "decode/modules/sandbox_api.h"
#include "io/watched.h"
#include "module/module.h"

namespace imnorm {
namespace {

constexpr ModuleName kModule = {"imnorm_sandbox.so", IMNORM_SANDBOX_ENTRY, "shuts decoders in",
                                "IMNORM_BUILD_SANDBOX_MODULE"};

constexpr bool kWatched = IMNORM_WATCHED;

Result<const ImnormSandboxApi*> Load() {
  const Result<void*> entry = LoadModule(kModule);
  if (!entry) return Failed(entry);
  const ImnormSandboxApi* api = reinterpret_cast<ImnormSandboxEntry>(*entry)();
  if (api->api != kImnormSandboxApi) return ForeignModule(kModule);
  return api;
}

Result<const ImnormSandboxApi*> LoadSandbox() {
  static const Result<const ImnormSandboxApi*> api = Load();
  return api;
}

// Only what may be called in a handler.
void TellRefused(int, siginfo_t* info, void*) {
  uint8_t packet[1 + sizeof(int32_t)] = {uint8_t(MessageKind::kRefused)};
  const auto number = int32_t(info->si_syscall);
  std::memcpy(packet + 1, &number, sizeof number);
  send(kDecodingSocket, packet, sizeof packet, MSG_NOSIGNAL);
  _exit(1);
}

void Bound(int what, rlim_t most) {
  rlimit limit;
  if (getrlimit(what, &limit) != 0) return;
  limit.rlim_max = limit.rlim_max == RLIM_INFINITY ? most : std::min(limit.rlim_max, most);
  limit.rlim_cur = std::min(limit.rlim_cur, limit.rlim_max);
  setrlimit(what, &limit);
}

}  // namespace

Result<void> EnterSandbox() {
  const auto api = LoadSandbox();
  if (!api) return Failed(api);
  if (kWatched) return {};
  struct sigaction action = {};
  action.sa_sigaction = TellRefused;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGSYS, &action, nullptr);
  Bound(RLIMIT_CORE, 0);
  Bound(RLIMIT_FSIZE, 0);
  Bound(RLIMIT_NOFILE, kDecodingRows + 1);
  Bound(RLIMIT_MEMLOCK, 0);
  if (const int failed = (*api)->enter(); failed != 0) {
    return Blame("conduct.isolate",
                 fmt::format("`conduct.isolate`: this system has no filter of system calls "
                             "(seccomp): {}; run without it, or where there is one",
                             std::strerror(failed)),
                 ErrorCode::kInstallation);
  }
  return {};
}

bool CanBoundMemory() { return !kWatched; }

std::string SystemCallName(int number) {
  constexpr size_t kLongest = 64;
  char name[kLongest];
  const auto api = LoadSandbox();
  if (api && (*api)->name_of(number, name, sizeof name)) return name;
  return fmt::format("system call {}", number);
}

}  // namespace imnorm
