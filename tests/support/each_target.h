// Runs a test body once for every SIMD target that this CPU has.
#pragma once

#include <catch2/catch.hpp>

#include "kernels/target.h"

namespace imnorm {

template <typename Body>
void ForEachTarget(Body body) {
  const kernels::Target before = kernels::ActiveTarget();
  for (const kernels::Target target : kernels::UsableTargets()) {
    REQUIRE(kernels::ForceTarget(kernels::TargetName(target)));
    REQUIRE(kernels::ActiveTarget() == target);
    INFO("target " << kernels::TargetName(target));
    body();
  }
  REQUIRE(kernels::ForceTarget(kernels::TargetName(before)));
}

}  // namespace imnorm
