// Decodes pictures until one is good.
#include "pipeline/first_good.h"

#include <algorithm>

#include "io/shortage.h"
#include "pipeline/picture_input.h"

namespace imnorm {
namespace {

// Learns what a picture is and leaves its pixels alone.
class FirstShape : public RowConsumer {
 public:
  Result<Rect> Begin(const ImageInfo& info) override {
    info_ = info;
    return Rect{0, 0, info.width, info.height};
  }
  void Rows(const uint8_t*, size_t, int, int) override {}
  const ImageInfo& info() const { return info_; }

 private:
  ImageInfo info_;
};

}  // namespace

Result<std::optional<ImageInfo>> ProbeFirstGood(const InputList& list, const DecodeOptions& decode,
                                                const RunOptions& options) {
  PictureWorker worker;
  FirstShape first;
  for (const Input& input : list.inputs) {
    if (options.stop()) return Fail(ErrorCode::kCancelled, "stopped");
    if (auto decoded = DecodeInput(input, decode, worker, first).decoded; !decoded) {
      if (IsShortage(decoded.error())) return Prefixed(input.path, std::move(decoded.error()));
      continue;
    }
    ImageInfo info = first.info();
    if (info.has_alpha) --info.channels;
    return info;
  }
  return std::optional<ImageInfo>();
}

Result<Plan> PlanOfPictures(const InputList& list, const Plan& plan, const RunOptions& options) {
  if (plan.channels != ChannelOrder::kNative || plan.native.channels > 0) return plan;
  Plan known = plan;
  const auto first = ProbeFirstGood(list, DecodeOptionsOf(plan, options), options);
  if (!first) return Failed(first);
  if (*first) {
    known.native = {(*first)->channels, (*first)->type};
  } else {
    known.native.channels =
        int(std::max({size_t{1}, plan.values.mean.size(), plan.values.std.size()}));
  }
  if (auto valid = ValidatePlan(known); !valid) return Failed(valid);
  return known;
}

}  // namespace imnorm
