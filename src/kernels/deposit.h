// Whether depositing bits (PDEP) pays on this CPU.
#pragma once

#include <string_view>

namespace imnorm::kernels {

// Whether PDEP and PEXT are microcode of dozens to hundreds of cycles, as on AMD's CPUs before Zen
// 3: code that does without them is faster there. cpuid is asked once, by the first call.
//
// Threads:  safe
bool DepositsSlowly();

// The same of a CPU that says this of itself: leaf 0's vendor, leaf 1's EAX.
bool DepositsSlowly(std::string_view vendor, unsigned signature);

}  // namespace imnorm::kernels
