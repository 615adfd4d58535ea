#include "pipeline/collect_pictures.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "geometry/placed_source.h"
#include "pipeline/ordered_pipeline.h"
#include "pipeline/picture_input.h"
#include "pipeline/plane_writer.h"
#include "pipeline/run_log.h"

namespace imnorm {
namespace {

class NormalizeStages {
 public:
  struct Worker {
    PictureWorker picture;
    std::unique_ptr<PlaneWriter> planes;
    std::unique_ptr<PlacedSource> geometry;
  };
  struct Slot {
    PictureOutcome outcome;
    Placement place;
    std::vector<int64_t> shape;
    std::vector<uint8_t> row;
    uint64_t row_number = 0;
  };

  NormalizeStages(const Plan& plan, const PlanTables& tables, const DecodeOptions& decode,
                  RunLog& log, TensorSink& sink)
      : plan_(plan), tables_(tables), decode_(decode), log_(log), sink_(sink) {}

  bool Stopped() const { return log_.ShouldStop(); }

  void Work(Worker& worker, Slot& slot, size_t item) {
    if (!worker.planes) {
      worker.planes = std::make_unique<PlaneWriter>(plan_, tables_);
      worker.geometry = MakePlacedSource(plan_.geometry, *worker.planes);
    }
    worker.planes->SetOutput(&slot.row);
    slot.outcome = DecodePlaced(log_.input(item), decode_, worker.picture, *worker.geometry);
    if (!slot.outcome.decoded) return;
    slot.place = worker.planes->placement();
    slot.shape = worker.planes->RowShape();
  }

  bool Collect(Slot& slot, size_t item) {
    if (!log_.Add(item, slot.outcome, slot.place.in_width, slot.place.in_height)) return false;
    if (!sink_.has_shape()) {
      first_ = item;
      if (auto set = sink_.SetRowShape(slot.shape, log_.count() - item); !set) {
        log_.Abort(std::move(set.error()));
        return false;
      }
    } else if (slot.shape != sink_.row_shape()) {
      log_.Abort({ErrorCode::kBadArgument,
                  fmt::format("{}: would be {} where {} is {}: one tensor needs one shape; "
                              "--resize WxH or --resize N --crop N gives one",
                              log_.input(item).path, fmt::join(slot.shape, "x"),
                              log_.input(first_).path, fmt::join(sink_.row_shape(), "x"))});
      return false;
    }
    slot.row_number = rows_++;
    if (!sink_.in_order()) return true;
    Write(slot);  // here, where items come one after the other
    return false;
  }

  void Write(Slot& slot) {
    if (auto written = sink_.WriteRow(slot.row_number, slot.row.data()); !written) {
      log_.Abort(std::move(written.error()));
    }
  }

  uint64_t rows() const { return rows_; }

 private:
  const Plan& plan_;
  const PlanTables& tables_;
  const DecodeOptions& decode_;
  RunLog& log_;
  TensorSink& sink_;
  size_t first_ = 0;
  uint64_t rows_ = 0;
};

}  // namespace

Result<RunReport> CollectPictures(const InputList& list, ShardRange range, const Plan& plan,
                                  const RunOptions& options, TensorSink& sink) {
  auto tables = MakePlanTables(plan);
  if (!tables) return tl::unexpected<Error>(tables.error());
  DecodeOptions decode = DecodeOptionsOf(plan);
  decode.jpeg = options.jpeg;
  RunLog log(list, range, options);
  NormalizeStages stages(plan, **tables, decode, log, sink);
  RunOrdered(stages, log.count(), options.threads > 0 ? options.threads : UsableCpus());
  auto report = log.Finish();
  if (!report || report->done == 0) return report;
  report->rows = stages.rows();
  report->shape = sink.row_shape();
  report->shape.insert(report->shape.begin(), int64_t(report->rows));
  return report;
}

}  // namespace imnorm
