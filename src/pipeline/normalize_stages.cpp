// Decodes and maps pictures in parallel, and numbers their rows in order.
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
  if (slot.outcome.decoded->nodata) slot.outcome.decoded->Say(NoteKind::kNodataKept);
  slot.place = worker.planes->placement();
  slot.shape = worker.planes->RowShape();
  slot.met = worker.planes->met();
}

bool NormalizeStages::Collect(Slot& slot, size_t item) {
  if (!log_.Add(item, slot.outcome, slot.place.in_width, slot.place.in_height)) return false;
  if (shape_.empty()) {
    first_ = item;
    shape_.assign(slot.shape.begin(), slot.shape.end());
    if (auto set = writer_.Start(shape_, log_.count() - item); !set) {
      log_.Abort(std::move(set.error()));
      return false;
    }
  } else if (!std::ranges::equal(slot.shape, shape_)) {
    log_.Abort({ErrorCode::kBadArgument,
                fmt::format("{}: would be {} where {} is {}: one tensor needs one shape; "
                            "`resize` WxH or `resize` N `crop` N gives one",
                            log_.input(item).path, fmt::join(slot.shape, "x"),
                            log_.input(first_).path, fmt::join(shape_, "x")),
                "resize"});
    return false;
  }
  slot.row_number = rows_++;
  const Input& input = log_.input(item);
  slot.info = {input.key(), labels_.Of(input), log_.index(item), slot.place.in_width,
               slot.place.in_height};
  met_ += slot.met;
  if (auto followed = writer_.Follow(slot.block()); !followed) {
    log_.Abort(std::move(followed.error()));
    return false;
  }
  return true;
}

bool NormalizeStages::Write(Slot& slot) {
  auto written = writer_.Write(slot.block());
  if (!written) log_.Abort(std::move(written.error()));
  return written.has_value();
}

}  // namespace imnorm
