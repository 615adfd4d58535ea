// Waits at first, then takes what there is.
#include "decode/memory_share.h"

#include <malloc.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace imnorm {

Result<MemoryBudget::Lease> MemoryShare::Wait(uint64_t bytes) {
  const auto begin = std::chrono::steady_clock::now();
  auto admitted = budget_->Admit(bytes, stop_);
  waited_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return admitted;
}

Result<void> MemoryShare::Take(uint64_t bytes) {
  const uint64_t paid = std::min(bytes, before_);
  before_ -= paid;
  bytes -= paid;
  if (budget_ == nullptr || bytes == 0) return {};
  if (held_.bytes() == 0) {
    auto admitted = Wait(bytes);
    if (!admitted) return Failed(admitted);
    held_ = std::move(*admitted);
    return {};
  }
  if (auto more = budget_->TryAdmit(bytes)) {
    held_.Join(std::move(*more));
    return {};
  }
  all_ = held_.bytes() + bytes;
  return Fail(ErrorCode::kIo, "it is begun again when there is enough memory");
}

Result<void> MemoryShare::TakeForFile(uint64_t bytes) {
  auto taken = Take(bytes);
  if (taken && budget_ != nullptr) file_ = bytes;
  return taken;
}

Result<void> MemoryShare::WaitForAll() {
  const uint64_t all = std::exchange(all_, 0);
  held_.Release();
  auto admitted = Wait(all);
  if (!admitted) return Failed(admitted);
  held_ = std::move(*admitted);
  before_ = all - file_;
  return {};
}

void ReturnFreedMemory() {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

}  // namespace imnorm
