// Encodes what was drawn.
#include "drawing/jpeg_file.h"
#include "drawing/png_file.h"
#include "imnorm/preview.h"

namespace imnorm {

Result<std::vector<uint8_t>> EncodePicture(const Image& image, PictureFormat format) {
  return format == PictureFormat::kPng ? EncodePng(image) : EncodeJpeg(image, 92);
}

}  // namespace imnorm
