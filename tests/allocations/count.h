// How often memory was asked for since the program began.
#pragma once

#include <cstdint>

namespace imnorm {

// Rules:    `all` counts malloc and its kin, whoever calls them; `ours` of these the ones that come
//           through operator new. imnorm has no other way, the codecs are C and never come by it.
struct AllocationCount {
  uint64_t all = 0;
  uint64_t ours = 0;
};
AllocationCount CountAllocations();

}  // namespace imnorm
