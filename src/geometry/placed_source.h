// A plan's geometry as something that rows go into and placed rows come out of.
#pragma once

#include <cstdint>
#include <memory>

#include "imnorm/geometry.h"
#include "imnorm/rows.h"

namespace imnorm {

// Receives the window of a placed picture, row by row.
class PlacedRows {
 public:
  virtual ~PlacedRows() = default;

  // Announces a picture; like RowConsumer::Begin it may come again and voids what came before.
  virtual Result<void> BeginPlaced(const Placement& place, const ImageInfo& info) = 0;

  // Takes row y of the window (0 <= y < place.window.height), each once, top to bottom.
  //
  // Shapes:   row [window.width][info.channels], samples of info.type, native byte order
  virtual void PlacedRow(int y, const uint8_t* row) = 0;
};

// Resizes and crops what a decoder delivers.
class PlacedSource : public RowConsumer {
 public:
  // To be called once the decoder reports success: hands on what is still held back.
  virtual Result<void> Finish() = 0;
};

// The geometry of a plan by the engine that it names.
//
// Rules:    plan and out must outlive it
std::unique_ptr<PlacedSource> MakePlacedSource(const GeometryPlan& plan, PlacedRows& out);

}  // namespace imnorm
