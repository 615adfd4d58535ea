// What one picture holds of the memory that all share.
#pragma once

#include <cstdint>

#include "imnorm/memory.h"

namespace imnorm {

// Asked before memory is taken; gives all back when it ends.
//
// Rules:    nobody waits while he holds some, lest two wait for each other: where a picture turns
//           out to take more than there is now, it is begun again once there is enough for all of
//           it. Without a budget there is always enough
class MemoryShare {
 public:
  MemoryShare(MemoryBudget* budget, const Stop& stop) : budget_(budget), stop_(stop) {}

  virtual ~MemoryShare() = default;
  MemoryShare(const MemoryShare&) = delete;
  MemoryShare& operator=(const MemoryShare&) = delete;

  // Errors:   kTooLarge, kCancelled: as MemoryBudget::Admit; any where begins_again()
  virtual Result<void> Take(uint64_t bytes);
  // The same of the file, which stays when a picture is begun again.
  Result<void> TakeForFile(uint64_t bytes);

  // Seconds that were spent waiting.
  double waited() const { return waited_; }

  bool begins_again() const { return all_ > 0; }
  // Gives back what it holds, and waits for all that was asked for.
  Result<void> WaitForAll();

 private:
  Result<MemoryBudget::Lease> Wait(uint64_t bytes);

  MemoryBudget* const budget_;
  const Stop& stop_;
  MemoryBudget::Lease held_;
  uint64_t file_ = 0;    // of what is held
  uint64_t before_ = 0;  // held already of what will be asked for
  uint64_t all_ = 0;     // to be waited for
  double waited_ = 0;
};

// Gives what was freed back to the system, which the allocator would keep a thread for the next
// large picture. Takes a millisecond or so.
void ReturnFreedMemory();

}  // namespace imnorm
