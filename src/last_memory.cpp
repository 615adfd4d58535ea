// Small allocations of the program do not fail at once where the system has no memory left.
//
// Values of nlohmann_json allocate when they are destroyed, and are broken when an allocation fails
// while they are made: either ends a process by a signal. So there is a last megabyte for small
// ones, none of it given back, on which a run ends in order. Large ones fail at once.
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <new>

#include "cli/memory_shortage.h"
#include "io/watched.h"

#if !IMNORM_WATCHED

namespace {

constexpr size_t kBytes = size_t{1} << 20;
constexpr size_t kLargest = size_t{1} << 14;
constexpr size_t kAlignment = alignof(std::max_align_t);

alignas(kAlignment) std::byte last[kBytes];
std::atomic<size_t> taken{0};

void* TakeLast(size_t bytes) {
  if (bytes > kLargest) return nullptr;
  imnorm::cli::NoteShortMemory();
  const size_t rounded = (bytes + kAlignment) / kAlignment * kAlignment;
  const size_t at = taken.fetch_add(rounded);
  return at + rounded <= kBytes ? last + at : nullptr;
}

bool IsOfLast(const void* memory) {
  const std::less<const void*> before;
  return !before(memory, last) && before(memory, last + kBytes);
}

}  // namespace

void* operator new(size_t bytes) {
  if (void* memory = std::malloc(bytes == 0 ? 1 : bytes)) return memory;
  if (void* memory = TakeLast(bytes)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept {
  if (!IsOfLast(memory)) std::free(memory);
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }

#endif
