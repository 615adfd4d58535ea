// JPEG: our own decoder where it is sure, libjpeg-turbo for everything else.
#pragma once

#include "decode/codec.h"

namespace imnorm {

extern const Codec kJpegCodec;

}  // namespace imnorm
