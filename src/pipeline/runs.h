// The runs behind the public verbs, one a kind of source.
#pragma once

#include <vector>

#include "imnorm/run.h"
#include "io/durable_file.h"

namespace imnorm {

// Each as Normalize or Measure, of a plan that is sound.
Result<RunReport> NormalizePictures(const InputList& list, Shard shard, const Plan& plan,
                                    const OutputOptions& output, const RunOptions& options);
Result<RunReport> NormalizeTensor(const TensorSource& source, const Plan& plan,
                                  const OutputOptions& output, const RunOptions& options);
Result<StatsResult> MeasurePictures(const InputList& list, Shard shard, const Plan& plan,
                                    const StatsOptions& stats, const RunOptions& options,
                                    std::vector<DurableFile>& sides);
Result<StatsResult> MeasureTensor(const TensorSource& source, Shard shard,
                                  const StatsOptions& stats, const RunOptions& options,
                                  std::vector<DurableFile>& sides);

// As Measure, but the files with a line a picture and with checksums have no names yet: they are
// sealed, to be published together with what becomes of the statistics.
Result<StatsResult> MeasureBeforeSides(const Source& source, const Plan& plan,
                                       const StatsOptions& stats, const RunOptions& options,
                                       std::vector<DurableFile>& sides);

}  // namespace imnorm
