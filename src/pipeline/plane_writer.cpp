// Maps placed rows through the value tables into planes.
#include "pipeline/plane_writer.h"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

#include "geometry/tile_grid.h"
#include "imnorm/run.h"
#include "kernels/map_tables.h"

namespace imnorm {
namespace {

// As many as --max-pixels lets in by default.
constexpr int64_t kMostOutputPixels = 178956970;

// The layout in which a row of values is made.
Layout RowLayoutOf(const Plan& plan) {
  if (plan.patches.size == 0) return plan.layout;
  return plan.patches.elements == PatchElements::kChannelsLast ? Layout::kNhwc : Layout::kNchw;
}

void AddLost(ElementType dtype, uint64_t count, ValueCounts& met) {
  const bool bytes = dtype == ElementType::kU8 || dtype == ElementType::kI8;
  (bytes ? met.saturated : met.overflowed) += count;
}

}  // namespace

Result<std::unique_ptr<const PlanTables>> MakePlanTables(const Plan& plan) {
  const int channels = ChannelCount(plan);
  auto tables = std::make_unique<PlanTables>();
  auto u8 = MakeValueTable(plan.values, channels, 256);
  if (!u8) return Failed(u8);
  tables->u8 = std::move(*u8);
  const bool native = plan.channels == ChannelOrder::kNative;
  if (native ? plan.native.type == ElementType::kU16 : plan.depth == 16) {
    auto u16 = MakeValueTable(plan.values, channels, 65536);
    if (!u16) return Failed(u16);
    tables->u16 = std::move(*u16);
  }
  for (int c = 0; c < channels; ++c) {
    tables->order.push_back(plan.channels == ChannelOrder::kBgr ? channels - 1 - c : c);
  }
  if (native) return tables;
  tables->map =
      kernels::MakeValueMap(plan.values, tables->u8, tables->order.data(), RowLayoutOf(plan));
  return tables;
}

Result<std::string> ValueKernelOf(const Plan& plan) {
  const auto tables = MakePlanTables(plan);
  if (!tables) return Failed(tables);
  return fmt::format("{} on {}", (*tables)->map.strategy(),
                     kernels::TargetName((*tables)->map.target));
}

void PlaneWriter::RowShape(std::vector<int64_t>& shape) const {
  const int64_t channels = table_->channels;
  if (patches_) {
    shape = PatchRowShape(plan_.patches, int(channels));
  } else if (plan_.layout == Layout::kNchw) {
    shape.assign({channels, place_.out_height, place_.out_width});
  } else {
    shape.assign({place_.out_height, place_.out_width, channels});
  }
}

Result<void> PlaneWriter::SetPatches(int channels) {
  patches_.reset();
  if (plan_.patches.size == 0) return {};
  const auto grid = GridOf(plan_.patches, place_.out_width, place_.out_height);
  if (!grid) return Failed(grid);
  patches_ = *grid;
  if (plan_.patches.bands.most > 0) {
    patches_->bands = int(BandsOf(plan_.patches.bands, place_.in_width, place_.in_height).size());
  }
  const ResizePlan split =
      SplitResize(plan_.patches, plan_.geometry.resize, place_.in_width, place_.in_height);
  if (split.kind != ResizeKind::kNone) {
    const TileGrid tiles = FindTileGrid(split, place_.in_width, place_.in_height);
    patches_->tiles = tiles.columns * tiles.rows;
  }
  scatter_.size = size_t(plan_.patches.size);
  scatter_.merge = size_t(plan_.patches.merge);
  scatter_.frames = size_t(plan_.patches.frames);
  scatter_.columns = size_t(grid->columns);
  scatter_.channels = size_t(channels);
  scatter_.element_bytes = ElementBytes(table_->dtype);
  scatter_.channels_last = RowLayoutOf(plan_) == Layout::kNhwc;
  const bool last = plan_.patches.overview == Overview::kLast;
  before_ = grid->overview && !last ? PatchBytes() : 0;
  if (patches_->tiles > 0) before_ = size_t(patches_->tiles) * RowBytes();
  line_.resize(size_t(place_.out_width) * size_t(channels) * scatter_.element_bytes);
  return {};
}

size_t PlaneWriter::PatchBytes() const {
  const auto size = size_t(plan_.patches.size);
  return scatter_.channels * scatter_.frames * size * size * scatter_.element_bytes;
}

size_t PlaneWriter::RowBytes() const { return PatchBytes() * size_t(plan_.patches.most); }

std::span<uint8_t> PlaneWriter::PlaceBeside(size_t number) const {
  if (patches_->tiles > 0) return out_.subspan(number * RowBytes(), RowBytes());
  const size_t bytes = PatchBytes();
  if (before_ > 0) return out_.first(bytes);
  const auto patches = size_t(patches_->rows) * size_t(patches_->columns);
  return out_.subspan((patches + number) * bytes, bytes);
}

uint8_t* PlaneWriter::PlaneAt(int channel, int y, int x) {
  const size_t bytes = ElementBytes(table_->dtype);
  uint8_t* out = patches_ ? line_.data() : out_.data();
  const size_t rows = patches_ ? 1 : size_t(place_.out_height);
  const size_t pixel = (patches_ ? 0 : size_t(y)) * size_t(place_.out_width) + size_t(x);
  if (RowLayoutOf(plan_) == Layout::kNhwc) {
    return out + (pixel * size_t(table_->channels) + size_t(channel)) * bytes;
  }
  const size_t plane = size_t(place_.out_width) * rows;
  return out + (size_t(channel) * plane + pixel) * bytes;
}

Result<void> PlaneWriter::BeginPlaced(const Placement& place, const ImageInfo& info) {
  place_ = place;
  met_ = {};
  table_ = info.type == ElementType::kU16 ? &tables_.u16 : &tables_.u8;
  scaled_ = info.type == ElementType::kF32;
  const bool native = plan_.channels == ChannelOrder::kNative;
  scale_ = native ? float(ScaleOfSamples(plan_.values, info.type)) : 1.0f;
  // A picture of one column resized by its short edge becomes a ribbon of gigabytes.
  const int64_t pixels = int64_t(place.out_width) * place.out_height;
  if (pixels > kMostOutputPixels) {
    return Blame(
        "resize",
        fmt::format(
            "{}x{} would become {}x{}, more than {} pixels; `crop` or `resize` WxH bound it",
            place.in_width, place.in_height, place.out_width, place.out_height, kMostOutputPixels),
        ErrorCode::kTooLarge);
  }
  const int channels = table_->channels;
  planes_.resize(size_t(channels));
  if (auto set = SetPatches(channels); !set) return set;
  size_t size = size_t(pixels) * size_t(channels) * ElementBytes(table_->dtype);
  if (patches_) {
    size = patches_->padded ? RowBytes() * size_t(patches_->made_rows())
                            : PatchBytes() * size_t(patches_->count());
  }
  if (grows_ != nullptr) {
    grows_->resize(size);
    out_ = *grows_;
  } else if (out_.size() != size) {
    return Fail(ErrorCode::kBadArgument,
                fmt::format("the row given has {} bytes, the picture's {}", out_.size(), size));
  }
  if (native || plan_.geometry.pad.width > 0 || (patches_ && patches_->padded)) FillZeros();
  if (!native && plan_.geometry.pad.width == 0 &&
      (place.window.width != place.out_width || place.window.height != place.out_height)) {
    FillPads(info);
  }
  return {};
}

// Of what there is no picture for; the rest is written over.
void PlaneWriter::FillZeros() {
  const ValuePlan& values = plan_.values;
  std::memset(out_.data(), values.quantize ? uint8_t(values.qzero) : 0, out_.size());
}

void PlaneWriter::FillPads(const ImageInfo& info) {
  const size_t bytes = ElementBytes(table_->dtype);
  const int level_factor = info.type == ElementType::kU16 ? 257 : 1;
  const int64_t pixels = int64_t(place_.out_width) * place_.out_height;
  for (int c = 0; c < table_->channels; ++c) {
    const size_t level =
        size_t(plan_.geometry.fill[tables_.order[size_t(c)]]) * size_t(level_factor);
    if (!table_->lost.empty() && table_->lost[size_t(c) * size_t(table_->levels) + level] != 0) {
      AddLost(plan_.values.dtype,
              uint64_t(pixels - int64_t(place_.window.width) * place_.window.height), met_);
    }
    const uint8_t* element = static_cast<const uint8_t*>(table_->channel(c)) + level * bytes;
    for (int y = 0; y < (patches_ ? 1 : place_.out_height); ++y) {
      for (int x = 0; x < place_.out_width; ++x) std::memcpy(PlaneAt(c, y, x), element, bytes);
    }
  }
  // What is beside the window stays in the line while its rows pass.
  for (int y = 0; patches_ && y < place_.out_height; ++y) {
    const int row = y - place_.pad_top;
    if (row < 0 || row >= place_.window.height) ScatterLine(y);
  }
}

void PlaneWriter::CountLost(const uint8_t* row, size_t pixels) {
  const auto channels = size_t(table_->channels);
  const auto levels = size_t(table_->levels);
  const auto* words = reinterpret_cast<const uint16_t*>(row);
  uint64_t lost = 0;
  for (size_t c = 0; c < channels; ++c) {
    const uint8_t* is_lost = table_->lost.data() + c * levels;
    const auto from = size_t(tables_.order[c]);
    for (size_t x = 0; x < pixels; ++x) {
      const size_t at = x * channels + from;
      lost += is_lost[levels == 256 ? row[at] : words[at]];
    }
  }
  AddLost(plan_.values.dtype, lost, met_);
}

void PlaneWriter::FloatRow(int y, const uint8_t* row) {
  const size_t bytes = ElementBytes(table_->dtype);
  const auto channels = size_t(table_->channels);
  const size_t step = RowLayoutOf(plan_) == Layout::kNhwc ? channels * bytes : bytes;
  uint64_t lost = 0;
  for (size_t c = 0; c < channels; ++c) {
    uint8_t* out = PlaneAt(int(c), place_.pad_top + y, place_.pad_left);
    const auto from = size_t(tables_.order[c]);
    for (int x = 0; x < place_.window.width; ++x, out += step) {
      float sample;
      std::memcpy(&sample, row + (size_t(x) * channels + from) * sizeof sample, sizeof sample);
      const bool stored = plan_.values.before_resize
                              ? StoreValue(sample, plan_.values, out)
                              : StoreScaled(sample / scale_, plan_.values, int(c), out);
      if (!std::isfinite(sample)) {
        ++met_.not_finite;
      } else {
        lost += !stored;
      }
    }
  }
  AddLost(plan_.values.dtype, lost, met_);
  if (patches_) ScatterLine(place_.pad_top + y);
}

void PlaneWriter::PlacedRow(int y, const uint8_t* row) {
  if (scaled_) return FloatRow(y, row);
  for (int c = 0; c < table_->channels; ++c) {
    planes_[size_t(c)] = PlaneAt(c, place_.pad_top + y, place_.pad_left);
  }
  if (!table_->lost.empty()) CountLost(row, size_t(place_.window.width));
  if (table_ == &tables_.u8 && plan_.channels != ChannelOrder::kNative) {
    kernels::MapRow(tables_.map, row, size_t(place_.window.width), planes_.data());
  } else {
    kernels::MapRowByTables(*table_, row, place_.window.width, tables_.order.data(),
                            RowLayoutOf(plan_), planes_.data());
  }
  if (patches_) ScatterLine(place_.pad_top + y);
}

}  // namespace imnorm
