// Stands in front of glibc's allocator, which keeps its own functions under second names.
#include "allocations/count.h"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <new>

extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t alignment, size_t size);
void __libc_free(void* memory);
}

namespace {

std::atomic<uint64_t> all{0};
std::atomic<uint64_t> ours{0};

}  // namespace

extern "C" {

void* malloc(size_t size) {
  ++all;
  return __libc_malloc(size);
}

void* calloc(size_t count, size_t size) {
  ++all;
  return __libc_calloc(count, size);
}

void* realloc(void* old, size_t size) {
  ++all;
  return __libc_realloc(old, size);
}

void* aligned_alloc(size_t alignment, size_t size) {
  ++all;
  return __libc_memalign(alignment, size);
}

int posix_memalign(void** memory, size_t alignment, size_t size) {
  ++all;
  *memory = __libc_memalign(alignment, size);
  return *memory == nullptr ? ENOMEM : 0;
}

void free(void* memory) { __libc_free(memory); }

}  // extern "C"

void* operator new(size_t size) {
  ++ours;
  if (void* memory = malloc(size)) return memory;
  throw std::bad_alloc();
}

void* operator new(size_t size, std::align_val_t alignment) {
  ++ours;
  if (void* memory = aligned_alloc(size_t(alignment), size)) return memory;
  throw std::bad_alloc();
}

void operator delete(void* memory) noexcept { free(memory); }
void operator delete(void* memory, size_t) noexcept { free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { free(memory); }
void operator delete(void* memory, size_t, std::align_val_t) noexcept { free(memory); }

namespace imnorm {

AllocationCount CountAllocations() { return {all, ours}; }

}  // namespace imnorm
