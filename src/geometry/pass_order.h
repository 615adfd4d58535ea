// Which of a resize's two passes comes first.
#pragma once

#include "imnorm/geometry.h"

namespace imnorm {

// True where a resize blends rows first and then resamples the rows that are left.
//
// Rules:    only Pillow does that, and only by a filter: nearest takes no passes. 13: where
//           height - new_height is above 0 and above 2 * (width - new_width). 12 (from 12.2 on):
//           where a picture more than 100 times as tall as wide becomes less tall. 11: never
// Numbers:  the first pass rounds to whole samples, so the order shows in the last bits
// Source:   measured on Pillow 13.0.0: 2979 of 2979 shapes; Image.resize of 12.2 and 12.3, which
//           12.1 has otherwise
bool VerticalFirst(const ResizePlan& plan, int width, int height, int new_width, int new_height);

}  // namespace imnorm
