// A plan's layer normalisation between samples and a sink.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "imnorm/layers.h"
#include "imnorm/run.h"
#include "io/durable_file.h"
#include "sink/row_writer.h"

namespace imnorm {

// The job of a plan; input type and sample shape are the caller's to set.
LayerJob LayerJobOf(const Plan& plan, const OutputOptions& output, const RunOptions& options);

// The shape of an output row: the sample's, or with the channels last.
std::vector<int64_t> OutputRowShape(const std::vector<int64_t>& sample_shape, Layout layout);

// What became of all samples.
struct LayerRows {
  std::vector<int64_t> shape;  // of the tensor
  ValueCounts values = {};
  bool running_finite = true;
};

// Puts it into the report of the samples' own run.
void TellRows(LayerRows rows, RunReport& report);

// Normalises all samples into rows, `infos` one a sample or none at all; what else the job writes
// is sealed and added to `sides`.
//
// Errors:   those of NormalizeSamples and of the rows' writer; kCancelled
Result<LayerRows> RunLayer(SampleSource& samples, const LayerJob& job, const RunOptions& options,
                           RowWriter& rows, std::span<const RowInfo> infos,
                           std::vector<DurableFile>& sides);

}  // namespace imnorm
