// .npy: one array, as numpy.load takes it.
#pragma once

#include "sink/sink_format.h"

namespace imnorm {

extern const SinkFormat kNpyFormat;

}  // namespace imnorm
