// A plan's resize as JSON and back.
#pragma once

#include "imnorm/geometry.h"
#include "json/json_value.h"
#include "plan/json_reader.h"

namespace imnorm {

// Rules:    every field that its kind and engine have
nlohmann::ordered_json ResizeJson(const ResizePlan& resize);

// Rules:    what is not said stays as it is
void ReadResize(ObjectReader& reader, ResizePlan& resize);

}  // namespace imnorm
