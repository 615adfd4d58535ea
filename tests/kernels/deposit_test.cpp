#include "kernels/deposit.h"

#include <catch2/catch.hpp>

namespace imnorm::kernels {

TEST_CASE("AMD's CPUs before Zen 3 deposit bits slowly, no others", "[kernels]") {
  CHECK(DepositsSlowly("AuthenticAMD", 0x00800f82));        // Zen+
  CHECK(DepositsSlowly("AuthenticAMD", 0x00830f10));        // Zen 2
  CHECK(DepositsSlowly("HygonGenuine", 0x00900f01));        // family 18h
  CHECK_FALSE(DepositsSlowly("AuthenticAMD", 0x00a20f10));  // Zen 3
  CHECK_FALSE(DepositsSlowly("AuthenticAMD", 0x00a60f12));  // Zen 4
  CHECK_FALSE(DepositsSlowly("GenuineIntel", 0x000306c3));  // Haswell
}

}  // namespace imnorm::kernels
