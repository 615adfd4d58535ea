// .safetensors: one tensor, named "images".
#pragma once

#include "sink/sink_format.h"

namespace imnorm {

extern const SinkFormat kSafetensorsFormat;

}  // namespace imnorm
