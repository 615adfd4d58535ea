// AVIF through its module, as Pillow reads it.
#pragma once

#include "decode/codec.h"
#include "decode/module_decoder.h"

namespace imnorm {

extern const ModuleFormat kAvifFormat;
extern const Codec kAvifCodec;

}  // namespace imnorm
