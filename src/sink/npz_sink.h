// .npz: "data", and where the rows are pictures "labels" and "paths", as numpy.load takes them.
#pragma once

#include "sink/sink_format.h"

namespace imnorm {

extern const SinkFormat kNpzFormat;

}  // namespace imnorm
