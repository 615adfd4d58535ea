// The last step of normalisation: placed rows through the value table into one tensor row.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "geometry/placed_source.h"
#include "imnorm/plan.h"
#include "imnorm/values.h"
#include "kernels/scatter_patches.h"
#include "kernels/value_map.h"

namespace imnorm {

// The values of a plan, for 8-bit and, where asked for, 16-bit pictures.
struct PlanTables {
  ValueTable u8;
  ValueTable u16;          // empty unless plan.depth is 16
  std::vector<int> order;  // the input channel of each output channel
  kernels::ValueMap map;   // u8 by the fastest arithmetic that gives its bits; not of bands
};
Result<std::unique_ptr<const PlanTables>> MakePlanTables(const Plan& plan);

// Writes one picture's tensor row, [C][H][W] or [H][W][C], or its rows of patches.
//
// Rules:    where the window does not fill the output, the rest is the plan's fill, mapped like a
//           pixel; what only its pad fills is 0
class PlaneWriter : public PlacedRows {
 public:
  PlaneWriter(const Plan& plan, const PlanTables& tables) : plan_(plan), tables_(tables) {}

  // Chooses where the next picture goes; it is resized to fit.
  void SetOutput(std::vector<uint8_t>* out) { grows_ = out; }
  // The same of a place that must fit.
  void SetOutput(std::span<uint8_t> out) {
    grows_ = nullptr;
    out_ = out;
  }

  Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) override;
  void PlacedRow(int y, const uint8_t* row) override;

  const Placement& placement() const { return place_; }
  const ValueCounts& met() const { return met_; }  // of this picture
  // Where there are patches: of each of them. Memory that `shape` has is taken.
  void RowShape(std::vector<int64_t>& shape) const;
  const std::optional<PatchGrid>& patches() const { return patches_; }
  std::span<uint8_t> output() const { return out_; }  // all rows of it
  // The place of what stands beside them: of an overview, or of one of the bands or tiles.
  std::span<uint8_t> PlaceBeside(size_t number) const;

 private:
  void CountLost(const uint8_t* row, size_t pixels);
  void FloatRow(int y, const uint8_t* row);
  Result<void> SetPatches(int channels);
  size_t PatchBytes() const;  // of one of them
  size_t RowBytes() const;    // of one padded row
  // Where a value is made: in its place, or in the row that goes into patches next.
  uint8_t* PlaneAt(int channel, int y, int x);
  void FillPads(const ImageInfo& info);
  void FillZeros();
  void ScatterLine(int y) {
    kernels::ScatterPatchRow(scatter_, size_t(y), line_.data(), out_.data() + before_);
  }

  const Plan& plan_;
  const PlanTables& tables_;
  const ValueTable* table_ = nullptr;  // of scaled samples: of the pads
  bool scaled_ = false;                // rows are floats, to be divided by scale_
  float scale_ = 1;
  std::vector<uint8_t>* grows_ = nullptr;
  std::span<uint8_t> out_;
  Placement place_;
  ValueCounts met_;
  std::vector<uint8_t*> planes_;
  std::optional<PatchGrid> patches_;
  kernels::PatchScatter scatter_;
  size_t before_ = 0;          // the bytes of an overview that stands before the patches
  std::vector<uint8_t> line_;  // a row of values on its way into patches
};

}  // namespace imnorm
