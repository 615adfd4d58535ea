// The stages of a statistics run over pictures: decode and sum in parallel, add up in order.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geometry/placed_source.h"
#include "imnorm/run.h"
#include "io/durable_stream.h"
#include "pipeline/picture_input.h"
#include "pipeline/run_log.h"
#include "pipeline/sums_consumer.h"

namespace imnorm {

// What the stages share.
struct Measurement {
  const Plan& plan;
  const StatsOptions& stats;
  DecodeOptions decode;
  Totals totals;
  std::vector<uint64_t> order;        // item -> index in the list
  std::optional<DurableStream> rows;  // --per-image
  RowFormat row_format = RowFormat::kJsonLines;
  std::optional<StopRule> until;
  std::optional<ImageInfo> native;  // --channels native: what every picture has to be
};

// See RunOrdered.
class MeasureStages {
 public:
  struct Worker {
    PictureWorker picture;
    PictureWorker mask_reader;
    Image mask;
    Image marks;  // the pixels of a 16-bit picture that count
    std::unique_ptr<SumsConsumer> sums;
    std::unique_ptr<PlacedSource> geometry;
  };
  struct Slot {
    PictureOutcome outcome;
    PictureSums sums;
    std::optional<FloatSums> floats;
    std::string line;  // of --per-image: its digits cost more than all else in Collect
  };

  MeasureStages(Measurement& run, RunLog& log) : run_(run), log_(log) {}

  bool Stopped() const { return satisfied_ || log_.ShouldStop(); }

  void Work(Worker& worker, Slot& slot, size_t item);
  bool Collect(Slot& slot, size_t item);
  bool Write(Slot&) { return true; }

 private:
  SumsOptions ConsumerOptions() const;
  PictureOutcome DecodeNative(const Input& input, Worker& worker) const;

  Measurement& run_;
  RunLog& log_;
  std::atomic<bool> satisfied_{false};
};

}  // namespace imnorm
