#include "pipeline/normalize_stages.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace imnorm {

void NormalizeStages::Work(Worker& worker, Slot& slot, size_t item) {
  if (!worker.planes) {
    worker.planes = std::make_unique<PlaneWriter>(plan_, tables_);
    worker.geometry = MakePlacedSource(plan_.geometry, *worker.planes);
  }
  worker.planes->SetOutput(&slot.row);
  slot.outcome = DecodePlaced(log_.input(item), decode_, worker.picture, *worker.geometry);
  if (!slot.outcome.decoded) return;
  slot.place = worker.planes->placement();
  slot.shape = worker.planes->RowShape();
  slot.met = worker.planes->met();
}

bool NormalizeStages::Collect(Slot& slot, size_t item) {
  if (!log_.Add(item, slot.outcome, slot.place.in_width, slot.place.in_height)) return false;
  if (!sink_.has_shape()) {
    first_ = item;
    const std::vector<int64_t> shape(slot.shape.begin(), slot.shape.end());
    if (auto set = sink_.SetRowShape(shape, log_.count() - item); !set) {
      log_.Abort(std::move(set.error()));
      return false;
    }
  } else if (!std::ranges::equal(slot.shape, sink_.row_shape())) {
    log_.Abort({ErrorCode::kBadArgument,
                fmt::format("{}: would be {} where {} is {}: one tensor needs one shape; "
                            "--resize WxH or --resize N --crop N gives one",
                            log_.input(item).path, fmt::join(slot.shape, "x"),
                            log_.input(first_).path, fmt::join(sink_.row_shape(), "x"))});
    return false;
  }
  slot.row_number = rows_++;
  met_ += slot.met;
  sink_.HashRows(1, slot.row.data());
  if (!sink_.in_order()) return true;
  Write(slot);  // here, where items come one after the other
  return false;
}

void NormalizeStages::Write(Slot& slot) {
  if (auto written = sink_.WriteRow(slot.row_number, slot.row.data()); !written) {
    log_.Abort(std::move(written.error()));
  }
}

}  // namespace imnorm
