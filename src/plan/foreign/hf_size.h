// How a Hugging Face processor's size becomes a resize and a crop.
#pragma once

#include "plan/foreign/hf_processors.h"
#include "plan/json_reader.h"

namespace imnorm {

// Reads "size": an object, [height, width], or the legacy bare int.
void ReadHfSize(ObjectReader& reader, const HfProcessor& processor, ResizePlan& resize);

// A square of this side, or a short edge.
void SetSquare(ResizePlan& resize, int side, bool square);

// Does to the size what the processor does: ConvNeXT's and PoolFormer's crop_pct, LeViT's 256/224,
// DPT's, Pixtral's, ViLT's, GLPN's and the detectors' multiples.
void ApplyHfSizeRule(ObjectReader& reader, const HfProcessor& processor, GeometryPlan& geometry);

}  // namespace imnorm
