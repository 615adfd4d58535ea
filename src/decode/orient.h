// Pictures turned upright on their way to the consumer.
#pragma once

#include <cstdint>
#include <vector>

#include "imnorm/image.h"
#include "imnorm/rows.h"
#include "imnorm/stop.h"

namespace imnorm {

// Stands between a decoder and a consumer: tells the consumer of the upright picture, collects what
// its window needs of the stored one, and delivers at the end.
//
// Numbers:  what Pillow's ImageOps.exif_transpose makes of orientations 2..8
// Threads:  one picture, one thread; the buffers are kept
class Orienter : public RowConsumer {
 public:
  // Prepares for a picture; the consumer must live until Finish.
  void Reset(int orientation, RowConsumer& consumer, const Stop& stop = {});

  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;

  // Delivers, once the decoder reported success; false where `stop` ended that.
  [[nodiscard]] bool Finish();

 private:
  int orientation_ = 1;
  RowConsumer* consumer_ = nullptr;
  Stop stop_;
  ImageInfo stored_;
  Rect upright_window_;
  Rect stored_window_;
  Image collected_;  // of the stored window
  std::vector<uint8_t> band_;
};

}  // namespace imnorm
