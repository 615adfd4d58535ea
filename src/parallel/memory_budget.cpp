// Bytes as tickets in a line.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "imnorm/memory.h"

namespace imnorm {

void MemoryBudget::Lease::Release() {
  MemoryBudget* budget = std::exchange(budget_, nullptr);
  const uint64_t bytes = std::exchange(bytes_, 0);
  if (budget == nullptr || bytes == 0) return;
  {
    const std::lock_guard lock(budget->mutex_);
    budget->used_ -= bytes;
  }
  budget->changed_.notify_all();
}

void MemoryBudget::Lease::Join(Lease&& other) {
  if (budget_ == nullptr) budget_ = other.budget_;
  bytes_ += std::exchange(other.bytes_, 0);
}

uint64_t MemoryBudget::bytes() {
  const std::lock_guard lock(mutex_);
  if (total_ == 0) total_ = std::max<uint64_t>(1, given_ > 0 ? given_ : DefaultMemory());
  return total_;
}

size_t MemoryBudget::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::optional<MemoryBudget::Lease> MemoryBudget::TryAdmit(uint64_t bytes) {
  this->bytes();
  const std::lock_guard lock(mutex_);
  if (!Fits(bytes)) return std::nullopt;
  used_ += bytes;
  return Lease(this, bytes);
}

Result<MemoryBudget::Lease> MemoryBudget::Admit(uint64_t bytes, const Stop& stop) {
  constexpr auto kBetweenQuestions = std::chrono::milliseconds(100);
  if (const uint64_t all = this->bytes(); bytes > all) {
    return Blame(
        "conduct.memory",
        fmt::format("it takes {}M of memory to decode, of {}M that `conduct.memory` allows",
                    (bytes + (1 << 20) - 1) >> 20, all >> 20),
        ErrorCode::kTooLarge);
  }
  std::unique_lock lock(mutex_);
  const uint64_t ticket = next_ticket_++;
  waiting_.push_back(ticket);
  while (waiting_.front() != ticket || !Fits(bytes)) {
    changed_.wait_for(lock, kBetweenQuestions);
    if (!stop()) continue;
    std::erase(waiting_, ticket);
    lock.unlock();
    changed_.notify_all();
    return Fail(ErrorCode::kCancelled, "stopped");
  }
  waiting_.pop_front();
  used_ += bytes;
  lock.unlock();
  changed_.notify_all();  // the next in line may fit too
  return Lease(this, bytes);
}

}  // namespace imnorm
