#include "parallel/parallel.h"

#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <string>

#include "imnorm/run.h"
#include "module/module.h"
#include "parallel/tbb_api.h"

namespace imnorm {
namespace {

Result<const ImnormTbbApi*> Load() {
  const Result<void*> entry = LoadModule("imnorm_tbb.so", IMNORM_TBB_ENTRY);
  if (!entry) return tl::unexpected<Error>(entry.error());
  const ImnormTbbApi* api = reinterpret_cast<ImnormTbbEntry>(*entry)();
  if (api->api != kImnormTbbApi) {
    return Fail(ErrorCode::kUnsupported, "imnorm_tbb.so belongs to another version of imnorm");
  }
  return api;
}

const Result<const ImnormTbbApi*>& Loaded() {
  static const Result<const ImnormTbbApi*> api = Load();
  return api;
}

std::atomic<bool> went_without{false};

// oneTBB, or null.
const ImnormTbbApi* LoadTbb() {
  if (Loaded()) return *Loaded();
  went_without = true;
  return nullptr;
}

// Exceptions of ours wait here while the module's frames are on the stack.
class Guard {
 public:
  // Runs a step, unless one has failed.
  template <typename Step>
  void Run(const Step& step) {
    if (failed_.load(std::memory_order_relaxed)) return;
    try {
      step();
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!first_) first_ = std::current_exception();
      failed_.store(true, std::memory_order_relaxed);
    }
  }

  // After the module has returned `status`.
  void Rethrow(int status) const {
    if (first_) std::rethrow_exception(first_);
    if (status != 0) throw std::bad_alloc();
  }

 private:
  std::atomic<bool> failed_{false};
  std::mutex mutex_;
  std::exception_ptr first_;
};

struct GuardedStages {
  PipelineStages& stages;
  Guard guard;
};

GuardedStages& Of(void* user) { return *static_cast<GuardedStages*>(user); }

void* Next(void* user) {
  void* token = nullptr;
  Of(user).guard.Run([&] { token = Of(user).stages.Next(); });
  return token;
}

void Work(void* user, void* token, void** kept) {
  Of(user).guard.Run([&] { Of(user).stages.Work(token, kept); });
}

void Collect(void* user, void* token) {
  Of(user).guard.Run([&] { Of(user).stages.Collect(token); });
}

void Write(void* user, void* token) {
  Of(user).guard.Run([&] { Of(user).stages.Write(token); });
}

struct GuardedBody {
  const std::function<void(int64_t)>& body;
  Guard guard;
};

void Call(void* user, int64_t i) {
  GuardedBody& guarded = *static_cast<GuardedBody*>(user);
  guarded.guard.Run([&] { guarded.body(i); });
}

}  // namespace

void RunPipeline(int threads, int tokens, PipelineStages& stages) {
  if (const ImnormTbbApi* tbb = LoadTbb()) {
    GuardedStages guarded{stages, {}};
    const ImnormTbbStages table = {&guarded, Next, Work, Collect, Write};
    guarded.guard.Rethrow(tbb->run_pipeline(threads, tokens, &table));
    return;
  }
  void* kept = nullptr;
  while (void* token = stages.Next()) {
    stages.Work(token, &kept);
    stages.Collect(token);
    stages.Write(token);
  }
}

void RunParallel(int threads, int64_t count, const std::function<void(int64_t)>& body) {
  if (const ImnormTbbApi* tbb = LoadTbb()) {
    GuardedBody guarded{body, {}};
    guarded.guard.Rethrow(tbb->run_parallel(threads, count, Call, &guarded));
    return;
  }
  for (int64_t i = 0; i < count; ++i) body(i);
}

std::string OneThreadReason() { return went_without ? Loaded().error().message : ""; }

}  // namespace imnorm
