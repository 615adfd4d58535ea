// Decodes and sums pictures in parallel, and adds them up in order.
#include "pipeline/measure_stages.h"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/mask_reader.h"
#include "pipeline/measure_settings.h"

namespace imnorm {

void MeasureStages::Work(Worker& worker, Slot& slot, size_t item) {
  if (!worker.sums) {
    worker.sums = std::make_unique<SumsConsumer>(ConsumerOptions());
    worker.geometry = MakePlacedSource(run_.plan.geometry, *worker.sums);
  }
  const Input& input = log_.input(item);
  const std::string& masks = run_.stats.filter.mask_dir;
  if (!masks.empty()) {
    const std::string path = MaskPath(masks, input.key());
    auto read = ReadMask(path, run_.decode, worker.mask_reader, worker.mask);
    if (!read) {
      slot.outcome = {};
      slot.outcome.passed_over = IsPassedOver(input, worker.picture);
      slot.outcome.decoded = Prefixed("mask " + path, std::move(read.error()));
      return;
    }
    worker.sums->SetMask(&worker.mask);
  }
  slot.outcome = IsNative(run_.plan.geometry)
                     ? DecodeNative(input, worker)
                     : DecodePlaced(input, run_.decode, worker.picture, *worker.geometry);
  slot.floats.reset();
  if (!slot.outcome.decoded) return;
  if (slot.outcome.decoded->nodata && !run_.stats.filter.count_nodata) {
    const bool left_out = worker.sums->left_out_nodata();
    slot.outcome.decoded->Say(left_out ? NoteKind::kNodata : NoteKind::kNodataKept);
  }
  if (worker.sums->is_float()) slot.floats = worker.sums->FinishFloats();
  worker.sums->Finish(&slot.sums);
  if (!run_.rows) return;
  const StatsSettings& settings = run_.totals.settings();
  slot.line = slot.floats ? PictureRow(*slot.floats, input.path, settings, run_.row_format)
                          : PictureRow(slot.sums, input.path, settings, run_.row_format);
}

PictureOutcome MeasureStages::DecodeNative(const Input& input, Worker& worker) const {
  SumsConsumer& sums = *worker.sums;
  const bool by_value =
      run_.plan.alpha == AlphaPolicy::kMask || !run_.stats.filter.ignore_values.empty();
  sums.SetLook(Look::kSum, nullptr);
  if (run_.decode.depth == 8 && !by_value) {
    PictureOutcome outcome = DecodeInput(input, run_.decode, worker.picture, sums);
    if (!outcome.decoded || !sums.needs_marks()) return outcome;
  }
  if (run_.decode.depth == 8) {
    // Values of 1 to 255 would be 0 once 16 bits are reduced to 8.
    DecodeOptions whole = run_.decode;
    whole.depth = 16;
    sums.SetLook(Look::kMarkWide, &worker.marks);
    PictureOutcome outcome = DecodeInput(input, whole, worker.picture, sums);
    if (!outcome.decoded || !sums.marked()) return outcome;
    sums.SetLook(Look::kSumMarked, &worker.marks);
  }
  return DecodeInput(input, run_.decode, worker.picture, sums);
}

bool MeasureStages::Collect(Slot& slot, size_t item) {
  if (satisfied_) return false;
  const Input& input = log_.input(item);
  if (!log_.Add(item, slot.outcome, slot.sums.width, slot.sums.height)) {
    if (!slot.outcome.decoded && !slot.outcome.passed_over) {
      const Error& error = slot.outcome.decoded.error();
      run_.totals.AddFailure(run_.order[item], input.path,
                             fmt::format("{}: {}", ErrorCodeName(error.code), error.message));
    }
    return false;
  }
  auto added = slot.floats
                   ? run_.totals.Add(*slot.floats, run_.order[item], input.path, input.top_folder())
                   : run_.totals.Add(slot.sums, input.top_folder());
  run_.totals.AddNotes(log_.notes(item));
  if (added && run_.rows) added = run_.rows->Append(slot.line);
  if (!added) log_.Abort(std::move(added.error()));
  if (run_.until && run_.until->Reached(run_.totals)) satisfied_ = true;
  return false;
}

SumsOptions MeasureStages::ConsumerOptions() const {
  SumsOptions options;
  options.histogram = run_.totals.settings().histogram;
  options.bgr = run_.plan.channels == ChannelOrder::kBgr;
  options.alpha_mask = run_.plan.alpha == AlphaPolicy::kMask;
  options.ignore_values = run_.stats.filter.ignore_values;
  if (options.bgr) std::reverse(options.ignore_values.begin(), options.ignore_values.end());
  std::copy_n(run_.plan.geometry.fill, 3, options.fill);
  options.leave_out_nodata = !run_.stats.filter.count_nodata;
  options.cross = run_.totals.settings().cross;
  options.only = run_.native;
  return options;
}

}  // namespace imnorm
