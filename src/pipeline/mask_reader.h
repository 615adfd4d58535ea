// Masks: which pixels of a picture count, from another picture's own samples.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/decode.h"
#include "imnorm/image.h"
#include "imnorm/rows.h"
#include "pipeline/picture_input.h"

namespace imnorm {

// Turns a picture's rows into a mask of one byte a pixel.
//
// Rules:    a pixel counts where any of its samples is not zero (and no NaN), whatever their width:
//           what is seen is not asked. Where there is alpha, the pixel has to be more than wholly
//           transparent, too; if no colour sample of the picture is other than zero, alpha alone
//           decides.
class MaskRows : public RowConsumer {
 public:
  explicit MaskRows(Image& mask) : mask_(mask) {}

  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;

  // To be called when the picture is known to be good.
  void Finish();

 private:
  Image& mask_;
  ImageInfo info_;
  bool colored_ = false;
};

// Reads the mask at `path`: palette indices, not the colours they stand for, and all bits.
//
// Rules:    of `picture`, the options of the picture that it belongs to, the limit of pixels and
//           the word on orientation hold
// Errors:   those of reading and decoding
Result<void> ReadMask(const std::string& path, const DecodeOptions& picture, PictureWorker& worker,
                      Image& mask);

// Where the mask of a picture is: the same name below the folder, or the same stem with .png.
std::string MaskPath(const std::string& folder, std::string_view key);

}  // namespace imnorm
