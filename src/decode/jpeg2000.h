// JPEG 2000 through its module, as Pillow reads it.
#pragma once

#include "decode/codec.h"
#include "decode/module_decoder.h"

namespace imnorm {

extern const ModuleFormat kJpeg2000Format;
extern const Codec kJpeg2000Codec;

}  // namespace imnorm
