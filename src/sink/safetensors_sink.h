// .safetensors: "images", and "labels" where there are classes.
#pragma once

#include "sink/sink_format.h"

namespace imnorm {

extern const SinkFormat kSafetensorsFormat;

}  // namespace imnorm
