// How decoded pixels travel: band by band, from a decoder to whoever consumes them.
#pragma once

#include <cstdint>
#include <optional>

#include "imnorm/error.h"
#include "imnorm/image.h"

namespace imnorm {

// What a decoder knows of a picture once its header is read.
struct ImageInfo {
  int width = 0;  // as delivered: after orientation, if that is applied
  int height = 0;
  int channels = 0;  // as delivered: 1 or 3 (more only for native multi-band pictures)
  ElementType type = ElementType::kU8;
  // The picture's own size where a fast decode delivers it reduced, else as above.
  int full_width = 0;
  int full_height = 0;
  bool has_alpha = false;  // the last channel is alpha, which only AlphaPolicy::kMask keeps
  // A value that the file declares to be no data, in the file's own samples; only where those are
  // what is delivered, or would be without the reduction to 8 bits.
  std::optional<double> nodata = {};
  bool reduced = false;  // 16-bit samples are delivered as 8
};

// Receives a picture's rows while they are in cache.
//
// Rules:    Begin comes first and may come again, when a decoder gives up and another starts over:
//           everything received before is then void. Each row of the window that Begin returned
//           comes exactly once, top to bottom. What was received counts only if the decoder
//           reports success afterwards: damage is often found at the very end of a file.
// Threads:  one picture, one thread
class RowConsumer {
 public:
  virtual ~RowConsumer() = default;

  // How much a decoder may reduce a picture of this size before it delivers it, if the options
  // allow that: 1, 2, 4 or 8.
  virtual int Reduction(int width, int height) const {
    static_cast<void>(width);
    static_cast<void>(height);
    return 1;
  }

  // Announces a picture; returns the part of it that will be read (not empty, inside the picture).
  //
  // Errors:   any: decoding stops and returns it
  virtual Result<Rect> Begin(const ImageInfo& info) = 0;

  // Takes rows y .. y + count - 1 of the picture.
  //
  // Shapes:   rows points at column window.x of row y; each row has window.width pixels of
  //           info.channels samples, rows stride_bytes apart, no alignment promised
  virtual void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) = 0;
};

}  // namespace imnorm
