#include "decode/exif.h"

#include <catch2/catch.hpp>

#include "decode/jpeg_header.h"
#include "unit/decode/files.h"

namespace imnorm {
namespace {

using testing::Bytes;
using testing::BytesOf;

// A TIFF structure of one entry: the orientation tag.
Bytes OrientationBlock(bool big_endian, int type, uint32_t count, int value) {
  Bytes out = BytesOf(big_endian ? "MM" : "II");
  auto put = [&](uint32_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      const int place = big_endian ? bytes - 1 - i : i;
      out.push_back(uint8_t(number >> (8 * place)));
    }
  };
  put(42, 2);
  put(8, 4);
  put(1, 2);
  put(0x0112, 2);
  put(uint32_t(type), 2);
  put(count, 4);
  put(uint32_t(value), type == 3 ? 2 : 4);
  if (type == 3) put(0, 2);
  put(0, 4);
  return out;
}

TEST_CASE("an orientation is found in either byte order and as short or long", "[decode]") {
  for (bool big_endian : {false, true}) {
    for (int value = 1; value <= 8; ++value) {
      CHECK(TiffOrientation(OrientationBlock(big_endian, 3, 1, value)) == value);
      CHECK(TiffOrientation(OrientationBlock(big_endian, 4, 1, value)) == value);
    }
  }
}

TEST_CASE("orientations that make no sense count as none", "[decode]") {
  CHECK(TiffOrientation(OrientationBlock(false, 3, 1, 0)) == 1);
  CHECK(TiffOrientation(OrientationBlock(false, 3, 1, 9)) == 1);
  CHECK(TiffOrientation(OrientationBlock(false, 3, 2, 6)) == 1);
  CHECK(TiffOrientation(OrientationBlock(false, 99, 1, 6)) == 1);
  CHECK(TiffOrientation({}) == 1);
}

TEST_CASE("a TIFF structure cut anywhere is read without going past its end", "[decode]") {
  const Bytes whole = OrientationBlock(true, 3, 1, 6);
  for (size_t size = 0; size < whole.size(); ++size) {
    const Bytes cut(whole.begin(), whole.begin() + ptrdiff_t(size));
    const int orientation = TiffOrientation(cut);
    // The entry ends four bytes before the block does: those are the next directory's offset.
    CHECK(orientation == (size >= whole.size() - 4 ? 6 : 1));
  }
}

TEST_CASE("a JPEG's markers tell size, components and process without decoding", "[decode]") {
  const JpegHeader baseline = ScanJpeg(testing::MakeJpeg(40, 30));
  CHECK(baseline.width == 40);
  CHECK(baseline.height == 30);
  CHECK(baseline.components == 3);
  CHECK_FALSE(baseline.progressive);
  CHECK(ScanJpeg(testing::MakeJpeg(40, 30, true)).progressive);
}

}  // namespace
}  // namespace imnorm
