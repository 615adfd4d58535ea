// wds: a tar of samples as WebDataset reads them, each an array, a class and a JSON of what it is.
#pragma once

#include "sink/sink_format.h"

namespace imnorm {

extern const SinkFormat kWdsFormat;

}  // namespace imnorm
