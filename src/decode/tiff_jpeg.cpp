// Looks into the strips and tiles of a TIFF that are JPEGs.
#include "decode/tiff_jpeg.h"

#include <fmt/format.h>

#include <algorithm>

#include "decode/bytes.h"
#include "decode/jpeg_header.h"
#include "decode/jpeg_kind.h"

namespace imnorm {
namespace {

constexpr int kWidthTag = 256;
constexpr int kHeightTag = 257;
constexpr int kCompressionTag = 259;
constexpr int kPhotometricTag = 262;
constexpr int kStripOffsetsTag = 273;
constexpr int kSamplesTag = 277;
constexpr int kRowsPerStripTag = 278;
constexpr int kStripSizesTag = 279;
constexpr int kPlanesTag = 284;
constexpr int kTileWidthTag = 322;
constexpr int kTileHeightTag = 323;
constexpr int kTileOffsetsTag = 324;
constexpr int kTileSizesTag = 325;
constexpr uint64_t kJpegCompression = 7;
constexpr uint64_t kYcbcr = 6;
constexpr uint64_t kSeparatePlanes = 2;

bool HoldsJpegs(const TiffDirectory& directory) {
  return directory.Number(kCompressionTag, 0) == kJpegCompression;
}

// A strip's or tile's bytes; empty where the file does not hold them.
std::span<const uint8_t> Block(const TiffDirectory& directory, std::span<const uint8_t> tiff,
                               uint64_t index) {
  const bool tiled = directory.Has(kTileOffsetsTag);
  const uint64_t at = directory.Number(tiled ? kTileOffsetsTag : kStripOffsetsTag, 0, index);
  const uint64_t size = directory.Number(tiled ? kTileSizesTag : kStripSizesTag, 0, index);
  return ByteView(tiff).Slice(at, size);
}

}  // namespace

std::string UnreadJpegInside(const TiffDirectory& directory, std::span<const uint8_t> tiff) {
  return HoldsJpegs(directory) ? NameOfUnreadJpeg(Block(directory, tiff, 0)) : "";
}

Result<void> CheckJpegFrames(const TiffDirectory& directory, std::span<const uint8_t> tiff) {
  if (!HoldsJpegs(directory)) return {};
  const uint64_t width = directory.Number(kWidthTag, 0);
  const uint64_t height = directory.Number(kHeightTag, 0);
  const bool tiled = directory.Has(kTileOffsetsTag);
  const uint64_t block_width = tiled ? directory.Number(kTileWidthTag, 0) : width;
  const uint64_t block_height =
      std::min(directory.Number(tiled ? kTileHeightTag : kRowsPerStripTag, height), height);
  if (block_width == 0 || block_height == 0) return {};
  // Planes of colour differences may be smaller than the picture.
  const bool planes = directory.Number(kPlanesTag, 1) == kSeparatePlanes &&
                      directory.Number(kPhotometricTag, 0) != kYcbcr;
  // What a hostile size has beyond the table has no bytes.
  const uint64_t blocks = directory.Count(tiled ? kTileOffsetsTag : kStripOffsetsTag);
  uint64_t index = 0;
  for (uint64_t plane = 0; plane < (planes ? directory.Number(kSamplesTag, 1) : 1); ++plane) {
    for (uint64_t y = 0; y < height; y += block_height) {
      for (uint64_t x = 0; x < width; x += block_width, ++index) {
        if (index >= blocks) return {};
        const JpegHeader frame = ScanJpeg(Block(directory, tiff, index));
        if (frame.width == 0 || frame.height == 0) continue;
        const uint64_t columns = std::min(block_width, width - x);
        const uint64_t rows = std::min(block_height, height - y);
        if (uint64_t(frame.width) >= columns && uint64_t(frame.height) >= rows) continue;
        return Fail(
            ErrorCode::kCorrupt,
            fmt::format("the JPEG of {} {} has {} x {} pixels where the picture has {} x {}",
                        tiled ? "tile" : "strip", index, frame.width, frame.height, columns, rows));
      }
    }
  }
  return {};
}

}  // namespace imnorm
