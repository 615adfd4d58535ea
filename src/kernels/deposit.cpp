// Asks the CPU for its maker and family: no feature bit tells how fast an instruction is.
#include "kernels/deposit.h"

#include <cstring>

#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace imnorm::kernels {

bool DepositsSlowly(std::string_view vendor, unsigned signature) {
  constexpr unsigned kZen3Family = 0x19;
  unsigned family = signature >> 8 & 15;
  if (family == 15) family += signature >> 20 & 255;
  return (vendor == "AuthenticAMD" || vendor == "HygonGenuine") && family < kZen3Family;
}

bool DepositsSlowly() {
#if defined(__x86_64__)
  static const bool slowly = [] {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    char vendor[12];
    __cpuid(0, eax, ebx, ecx, edx);
    std::memcpy(vendor, &ebx, 4);
    std::memcpy(vendor + 4, &edx, 4);
    std::memcpy(vendor + 8, &ecx, 4);
    __cpuid(1, eax, ebx, ecx, edx);
    return DepositsSlowly({vendor, sizeof vendor}, eax);
  }();
  return slowly;
#else
  return false;
#endif
}

}  // namespace imnorm::kernels
