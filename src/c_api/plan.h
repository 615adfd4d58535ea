// What stands behind an imnorm_plan.
#pragma once

#include <string>

#include "imnorm/c.h"
#include "imnorm/plan.h"

struct imnorm_plan {
  imnorm::Plan plan;
  std::string json;
};
