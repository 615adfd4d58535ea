// PNG as one value: its name, its headers, its decoder.
#pragma once

#include "decode/codec.h"

namespace imnorm {

extern const Codec kPngCodec;

}  // namespace imnorm
