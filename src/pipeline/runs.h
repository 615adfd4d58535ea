// The runs behind the public verbs, one a kind of source.
#pragma once

#include "imnorm/run.h"

namespace imnorm {

// Each as Normalize or Measure, of a plan that is sound.
Result<RunReport> NormalizePictures(const InputList& list, Shard shard, const Plan& plan,
                                    const OutputOptions& output, const RunOptions& options);
Result<RunReport> NormalizeTensor(const TensorSource& source, const Plan& plan,
                                  const OutputOptions& output, const RunOptions& options);
Result<StatsResult> MeasurePictures(const InputList& list, Shard shard, const Plan& plan,
                                    const StatsOptions& stats, const RunOptions& options);
Result<StatsResult> MeasureTensor(const TensorSource& source, Shard shard,
                                  const StatsOptions& stats, const RunOptions& options);

}  // namespace imnorm
