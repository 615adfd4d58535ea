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

Result<StatsResult> MeasureBeforeSides(const Source& source, const Plan& plan,
                                       const StatsOptions& stats, const RunOptions& options,
                                       std::vector<DurableFile>& sides) {
  if (const auto* tensor = std::get_if<TensorSource>(&source.items)) {
    return MeasureTensor(*tensor, source.shard, stats, options, sides);
  }
  if (auto valid = ValidatePlan(plan); !valid) return Failed(valid);
  return MeasurePictures(std::get<InputList>(source.items), source.shard, plan, stats, options,
                         sides);
}

Result<StatsResult> Measure(const Source& source, const Plan& plan, const StatsOptions& stats,
                            const RunOptions& options) {
  std::vector<DurableFile> sides;
  auto result = MeasureBeforeSides(source, plan, stats, options, sides);
  if (!result || sides.empty()) return result;
  DurableFile none;
  if (auto published = PublishTogether(none, sides); !published) {
    if (!stats.result.empty() && !stats.resume) RemoveLeftover(stats.journal_path());
    return Failed(published);
  }
  return result;
}

}  // namespace imnorm
