// raw: the elements and nothing else, in C order; a file, or standard output.
#pragma once

#include "sink/sink_format.h"

namespace imnorm {

extern const SinkFormat kRawFormat;

}  // namespace imnorm
