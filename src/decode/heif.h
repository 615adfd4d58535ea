// HEIF of HEVC (HEIC) through its module, as pillow-heif reads it.
#pragma once

#include "decode/codec.h"
#include "decode/module_decoder.h"

namespace imnorm {

extern const ModuleFormat kHeifFormat;
extern const Codec kHeifCodec;

}  // namespace imnorm
