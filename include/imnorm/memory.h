// How much memory pictures may take at once.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "imnorm/error.h"
#include "imnorm/stop.h"

namespace imnorm {

// Bytes that this process may use: the smallest of RAM, its control groups' limits and RLIMIT_AS.
uint64_t UsableMemory();

// The smaller of 4 GiB and a quarter of that.
uint64_t DefaultMemory();

// Hands out a number of bytes, and lets who asks for more wait for those who have some.
//
// Rules:    first come, first served, so that nobody waits for ever. Who waits must hold nothing of
//           the budget: then nobody waits for himself
// Threads:  safe
class MemoryBudget {
 public:
  // 0: DefaultMemory(), asked for when it is first needed.
  explicit MemoryBudget(uint64_t bytes = 0) : given_(bytes) {}

  // Bytes that somebody holds, given back when it ends.
  class Lease {
   public:
    Lease() = default;
    Lease(Lease&& other) noexcept { *this = std::move(other); }
    Lease& operator=(Lease&& other) noexcept {
      Release();
      budget_ = std::exchange(other.budget_, nullptr);
      bytes_ = std::exchange(other.bytes_, 0);
      return *this;
    }
    ~Lease() { Release(); }

    void Release();
    // Takes over what another one of the same budget holds.
    void Join(Lease&& other);
    uint64_t bytes() const { return bytes_; }

   private:
    friend class MemoryBudget;
    Lease(MemoryBudget* budget, uint64_t bytes) : budget_(budget), bytes_(bytes) {}

    MemoryBudget* budget_ = nullptr;
    uint64_t bytes_ = 0;
  };

  // Waits until there are as many.
  //
  // Errors:   kTooLarge: more than all of it; kCancelled: `stop` said so meanwhile
  Result<Lease> Admit(uint64_t bytes, const Stop& stop);

  // Without waiting; none: there are not as many now.
  std::optional<Lease> TryAdmit(uint64_t bytes);

  uint64_t bytes();
  size_t waiting() const;  // how many do

 private:
  bool Fits(uint64_t bytes) const { return bytes <= total_ && used_ <= total_ - bytes; }

  const uint64_t given_;
  mutable std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  uint64_t total_ = 0;
  uint64_t used_ = 0;
  uint64_t next_ticket_ = 0;
  std::deque<uint64_t> waiting_;  // tickets
};

}  // namespace imnorm
