// A whole job whose side files are published by the caller, together with what they speak of.
#pragma once

#include <vector>

#include "imnorm/layers.h"
#include "io/durable_file.h"

namespace imnorm {

// As the public NormalizeSamples; the state and the report are sealed and added to `sides`.
Result<LayerSummary> NormalizeSamples(SampleSource& source, const LayerJob& job,
                                      const SampleSink& sink, std::vector<DurableFile>& sides);

}  // namespace imnorm
