// Modules are loaded ahead of the work: hours of a run are not lost to the installation.
#include "pipeline/needed_modules.h"

#include <algorithm>
#include <string>

#include "decode/codecs.h"
#include "decode/to_srgb.h"
#include "geometry/opencv.h"
#include "io/path_ending.h"
#include "pipeline/picture_input.h"

namespace imnorm {
namespace {

bool IsNamedAs(const Codec& codec, const Input& input) {
  return std::ranges::find(codec.extensions, LowerExtension(input.file())) !=
         codec.extensions.end();
}

// Takes a picture's header and leaves its pixels alone.
class NoPixels : public RowConsumer {
 public:
  Result<Rect> Begin(const ImageInfo& info) override { return Rect{0, 0, info.width, info.height}; }
  void Rows(const uint8_t*, size_t, int, int) override {}
};

}  // namespace

Result<void> LoadModulesOf(const Plan& plan) {
  if (plan.icc == IccPolicy::kSrgb) {
    if (auto icc = LoadIcc(); !icc) return Failed(icc);
  }
  const ResizePlan& resize = plan.geometry.resize;
  if (resize.kind == ResizeKind::kNone || resize.engine != ResizeEngine::kOpencv) return {};
  const auto opencv = LoadOpencv();
  return opencv ? Result<void>() : Failed(opencv);
}

Result<void> LoadModulesOf(const InputList& list, ShardRange range, const DecodeOptions& decode) {
  PictureWorker worker;
  NoPixels ignored;
  for (const Codec* codec : Codecs()) {
    if (codec->ready == nullptr) continue;
    for (size_t i = range.begin; i < range.end; ++i) {
      const Input& input = list.inputs[i];
      if (!IsNamedAs(*codec, input)) continue;
      if (codec->ready()) break;
      const ItemOutcome outcome = DecodeInput(input, decode, worker, ignored);
      if (outcome.decoded || outcome.decoded.error().code != ErrorCode::kInstallation) continue;
      return NeededBy(input, outcome.decoded.error());
    }
  }
  return {};
}

tl::unexpected<Error> NeededBy(const Input& input, Error error) {
  error.message += " (needed by " + input.path + ")";
  return Failed(std::move(error));
}

}  // namespace imnorm
