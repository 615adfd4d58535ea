// The two verbs: which run a source asks for.
#include "pipeline/runs.h"

namespace imnorm {

Result<RunReport> Normalize(const Source& source, const Plan& plan, const OutputOptions& output,
                            const RunOptions& options) {
  const PlanInput input = source.is_tensor() ? PlanInput::kTensor : PlanInput::kPictures;
  if (auto valid = ValidatePlan(plan, input); !valid) return Failed(valid);
  if (const auto* list = std::get_if<InputList>(&source.items)) {
    return NormalizePictures(*list, source.shard, plan, output, options);
  }
  if (source.shard.count != 1) {
    return Fail(ErrorCode::kBadArgument,
                "a shard is a part of a list of pictures, not of a tensor");
  }
  return NormalizeTensor(std::get<TensorSource>(source.items), plan, output, options);
}

Result<StatsResult> Measure(const Source& source, const Plan& plan, const StatsOptions& stats,
                            const RunOptions& options) {
  if (const auto* tensor = std::get_if<TensorSource>(&source.items)) {
    return MeasureTensor(*tensor, source.shard, stats, options);
  }
  if (auto valid = ValidatePlan(plan); !valid) return Failed(valid);
  return MeasurePictures(std::get<InputList>(source.items), source.shard, plan, stats, options);
}

}  // namespace imnorm
