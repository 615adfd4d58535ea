// How a Hugging Face processor that makes rows of patches is read.
#pragma once

#include "imnorm/plan.h"
#include "plan/foreign/hf_processors.h"
#include "plan/json_reader.h"

namespace imnorm {

// Reads the numbers of pixels, which stand under size's shortest_edge and longest_edge or as
// min_pixels and max_pixels above it, and the patches.
void ReadHfPatches(ObjectReader& reader, const HfProcessor& processor, Plan& plan);

}  // namespace imnorm
