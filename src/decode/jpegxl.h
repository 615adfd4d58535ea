// JPEG XL through its module, as djxl decodes it.
#pragma once

#include "decode/codec.h"
#include "decode/module_decoder.h"

namespace imnorm {

extern const ModuleFormat kJpegXlFormat;
extern const Codec kJpegXlCodec;

}  // namespace imnorm
