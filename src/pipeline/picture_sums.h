// Pictures -> exact sums: native pixels, or what a geometry makes of them.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "imnorm/plan.h"
#include "pipeline/run_log.h"
#include "pipeline/sums_source.h"

namespace imnorm {

// What is summed of each picture.
struct PictureSumsTask {
  const Plan& plan;
  const PixelFilter& filter;
  const StatsSettings& settings;
  DecodeOptions decode;
  std::optional<ImageInfo> native;  // of ChannelOrder::kNative: what every picture has to be
  bool hashes_files = false;
};

class PictureSumsSource : public SumsSource {
 public:
  // `log` outlives it.
  PictureSumsSource(const RunLog& log, PictureSumsTask task) : log_(log), task_(std::move(task)) {}

  std::unique_ptr<Worker> MakeWorker() const override;

 private:
  class Adder;

  const RunLog& log_;
  const PictureSumsTask task_;
};

}  // namespace imnorm
