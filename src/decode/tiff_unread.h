// Kinds of TIFF that are sound and that libtiff does not turn into the right samples.
#pragma once

#include <string>

#include "decode/tiff_directory.h"

namespace imnorm {

// What is not read of a first directory, as a sentence with a remedy; otherwise empty.
//
// Rules:    samples of several types, YCbCr that libtiff's converter lacks or gets wrong, and
//           predictors that it does not undo. Codecs are the module's to know, and what the samples
//           mean is PlanTiff's.
std::string UnreadKindOfTiff(const TiffDirectory& directory);

}  // namespace imnorm
