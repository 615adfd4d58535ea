// Dispatch tables over Highway's target namespaces, without libhwy.
//
// libhwy's own dispatch (HWY_EXPORT) costs 3 ms of start-up in a static constructor of the shared
// library; this takes only its headers. Include after foreach_target.h, in place of
// hwy/highway.h. A kernel file ends with
//
//   #if HWY_ONCE
//   namespace imnorm::kernels {
//   IMNORM_EXPORT(AddSums)                                  // table of N_<TARGET>::AddSums
//   void AddSums(...) { IMNORM_DISPATCH(AddSums)(...); }
//   }
//   #endif
#pragma once

#include <hwy/highway.h>

#include "kernels/target.h"

// clang-format off
#define IMNORM_EXPORT(FUNC)                                                              \
  static constexpr decltype(&HWY_STATIC_DISPATCH(FUNC))                                  \
      FUNC##Targets[::imnorm::kernels::kTargetCount] = {                                 \
          HWY_CHOOSE_AVX3_DL(FUNC), HWY_CHOOSE_AVX3(FUNC), HWY_CHOOSE_AVX2(FUNC),        \
          HWY_CHOOSE_SSE4(FUNC),    HWY_CHOOSE_NEON(FUNC), HWY_CHOOSE_FALLBACK(FUNC)};
// clang-format on

#define IMNORM_DISPATCH(FUNC) (*FUNC##Targets[::imnorm::kernels::ActiveTarget()])
