// What the oneTBB module and the library say to each other: plain C types, so that each may have a
// C++ runtime of its own. No exception crosses, in either direction.
#pragma once

#include <cstdint>

extern "C" {

// Raised whenever a structure below changes; the loader refuses another number.
inline constexpr int kImnormTbbApi = 1;

// PipelineStages (parallel/parallel.h) as functions, `user` their first argument.
struct ImnormTbbStages {
  void* user;
  void* (*next)(void* user);
  void (*work)(void* user, void* token, void** kept);
  void (*collect)(void* user, void* token);
  void (*write)(void* user, void* token);
};

// Functions return 0, or 1 where oneTBB itself failed: out of memory or of threads.
struct ImnormTbbApi {
  int api;
  int (*run_pipeline)(int threads, int tokens, const ImnormTbbStages* stages);
  int (*run_parallel)(int threads, int64_t count, void (*body)(void* user, int64_t i), void* user);
};

typedef const ImnormTbbApi* (*ImnormTbbEntry)();

// The name of the module's only exported function, of type ImnormTbbEntry.
#define IMNORM_TBB_ENTRY "imnorm_tbb_api"

}  // extern "C"
