// Small picture files for the decoder's tests, made on the spot.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "imnorm/image.h"
#include "imnorm/rows.h"

namespace imnorm::testing {

using Bytes = std::vector<uint8_t>;

// A colour JPEG of width x height with a smooth gradient.
Bytes MakeJpeg(int width, int height, bool progressive = false);

// A binary PPM or PGM of the samples given.
Bytes MakePnm(const Image& image);

// A TIFF structure of one entry: an orientation.
Bytes OrientationTiff(int orientation);

Bytes BytesOf(const std::string& text);

// A picture whose samples all differ from their neighbours.
Image MakeImage(int width, int height, int channels);

// Keeps a window of what it is given and counts the pictures that were begun.
class Collector : public RowConsumer {
 public:
  explicit Collector(Rect window = {}) : window_(window) {}

  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;

  Image image;
  ImageInfo info;
  int begun = 0;
  bool refuse = false;  // Begin fails with kCancelled

 private:
  Rect window_;
  Rect current_;
};

}  // namespace imnorm::testing
