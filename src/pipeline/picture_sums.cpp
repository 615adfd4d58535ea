// Decodes one picture after another and sums what of it counts.
#include "pipeline/picture_sums.h"

#include <algorithm>

#include "geometry/placed_source.h"
#include "pipeline/mask_reader.h"
#include "pipeline/measure_settings.h"
#include "pipeline/picture_input.h"
#include "pipeline/sums_consumer.h"

namespace imnorm {

class PictureSumsSource::Adder : public SumsSource::Worker {
 public:
  Adder(const RunLog& log, const PictureSumsTask& task)
      : log_(log),
        task_(task),
        sums_(OptionsOf(task)),
        geometry_(MakePlacedSource(task.plan.geometry, sums_)) {
    picture_.wants_sha256 = task.hashes_files;
  }

  void Make(size_t item, MadeSums& sums) override;

 private:
  static SumsOptions OptionsOf(const PictureSumsTask& task);
  Result<void> SetMask(const Input& input);
  ItemOutcome DecodeNative(const Input& input);

  const RunLog& log_;
  const PictureSumsTask& task_;
  PictureWorker picture_;
  PictureWorker mask_reader_;
  Image mask_;
  Image marks_;  // the pixels of a 16-bit picture that count
  SumsConsumer sums_;
  std::unique_ptr<PlacedSource> geometry_;
};

void PictureSumsSource::Adder::Make(size_t item, MadeSums& sums) {
  const Input& input = log_.input(item);
  if (auto set = SetMask(input); !set) {
    sums.outcome = {};
    sums.outcome.passed_over = IsPassedOver(input, picture_);
    sums.outcome.decoded = Failed(set);
    return;
  }
  sums.outcome = IsNative(task_.plan.geometry)
                     ? DecodeNative(input)
                     : DecodePlaced(input, task_.decode, picture_, *geometry_);
  sums.sha256 = picture_.sha256;
  sums.floats.reset();
  if (!sums.outcome.decoded) return;
  if (sums.outcome.decoded->nodata && !task_.filter.count_nodata) {
    const bool left_out = sums_.left_out_nodata();
    sums.outcome.decoded->Say(left_out ? NoteKind::kNodata : NoteKind::kNodataKept);
  }
  if (sums_.is_float()) sums.floats = sums_.FinishFloats();
  sums_.Finish(&sums.integers);
  sums.outcome.width = sums.integers.width;
  sums.outcome.height = sums.integers.height;
}

Result<void> PictureSumsSource::Adder::SetMask(const Input& input) {
  if (task_.filter.mask_dir.empty()) return {};
  const std::string path = MaskPath(task_.filter.mask_dir, input.file().substr(input.key_offset));
  auto read = ReadMask(path, task_.decode, mask_reader_, mask_);
  if (!read) return Prefixed("mask " + path, std::move(read.error()));
  sums_.SetMask(&mask_);
  return {};
}

ItemOutcome PictureSumsSource::Adder::DecodeNative(const Input& input) {
  const bool by_value =
      task_.plan.alpha == AlphaPolicy::kMask || !task_.filter.ignore_values.empty();
  sums_.SetLook(Look::kSum, nullptr);
  if (task_.decode.depth == 8 && !by_value) {
    ItemOutcome outcome = DecodeInput(input, task_.decode, picture_, sums_);
    if (!outcome.decoded || !sums_.needs_marks()) return outcome;
  }
  if (task_.decode.depth == 8) {
    // Values of 1 to 255 would be 0 once 16 bits are reduced to 8.
    DecodeOptions whole = task_.decode;
    whole.depth = 16;
    sums_.SetLook(Look::kMarkWide, &marks_);
    ItemOutcome outcome = DecodeInput(input, whole, picture_, sums_);
    if (!outcome.decoded || !sums_.marked()) return outcome;
    sums_.SetLook(Look::kSumMarked, &marks_);
  }
  return DecodeInput(input, task_.decode, picture_, sums_);
}

SumsOptions PictureSumsSource::Adder::OptionsOf(const PictureSumsTask& task) {
  SumsOptions options;
  options.histogram = task.settings.histogram;
  options.bgr = task.plan.channels == ChannelOrder::kBgr;
  options.alpha_mask = task.plan.alpha == AlphaPolicy::kMask;
  options.ignore_values = task.filter.ignore_values;
  if (options.bgr) std::reverse(options.ignore_values.begin(), options.ignore_values.end());
  std::copy_n(task.plan.geometry.fill, 3, options.fill);
  options.leave_out_nodata = !task.filter.count_nodata;
  options.cross = task.settings.cross;
  options.only = task.native;
  return options;
}

std::unique_ptr<SumsSource::Worker> PictureSumsSource::MakeWorker() const {
  return std::make_unique<Adder>(log_, task_);
}

}  // namespace imnorm
