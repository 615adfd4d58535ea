// How a Hugging Face processor that cuts a grid of tiles is read.
#pragma once

#include "imnorm/plan.h"
#include "plan/foreign/hf_processors.h"
#include "plan/json_reader.h"

namespace imnorm {

// Makes tiles of the size that was read, where the class and the config turn them on: numbers of
// tiles, the rule that chooses a grid, the overview.
//
// Rules:    what the class's own step turns off stays as it was read
void ReadHfTiles(ObjectReader& reader, const HfProcessor& processor, Plan& plan);

// Gemma 3's pan and scan: where it is on, crops of a picture that is longer than wide.
void ReadHfBands(ObjectReader& reader, Plan& plan);

// Phi-4's tiles are bilinear whatever its resample says, which is its overview's.
void SetPhi4Filter(ObjectReader& reader, Plan& plan);

}  // namespace imnorm
