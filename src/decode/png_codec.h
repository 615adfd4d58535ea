// PNG: our own decoder where it is sure, libspng for everything else.
#pragma once

#include "decode/codec.h"

namespace imnorm {

extern const Codec kPngCodec;

}  // namespace imnorm
