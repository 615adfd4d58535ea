// Walks the tables of strips and tiles.
#include "decode/tiff_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>

#include "decode/bytes.h"
#include "imnorm/values.h"

namespace imnorm {
namespace {

constexpr int kWidthTag = 256;
constexpr int kHeightTag = 257;
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
constexpr uint64_t kYcbcr = 6;
constexpr uint64_t kSeparatePlanes = 2;

bool IsTiled(const TiffDirectory& directory) { return directory.Has(kTileOffsetsTag); }

// Rounds half away from zero; 0 where it is no number.
int64_t Clamped(double value, int64_t least, int64_t most) {
  if (std::isnan(value)) return 0;
  return int64_t(std::round(std::clamp(value, double(least), double(most))));
}

}  // namespace

std::string NameOfTiffBlock(const TiffDirectory& directory, uint64_t index) {
  return fmt::format("{} {}", IsTiled(directory) ? "tile" : "strip", index);
}

uint64_t CountTiffBlocks(const TiffDirectory& directory) {
  const bool tiled = IsTiled(directory);
  return std::min(directory.Count(tiled ? kTileOffsetsTag : kStripOffsetsTag),
                  directory.Count(tiled ? kTileSizesTag : kStripSizesTag));
}

std::span<const uint8_t> BytesOfTiffBlock(const TiffDirectory& directory,
                                          std::span<const uint8_t> tiff, uint64_t index) {
  const bool tiled = IsTiled(directory);
  const uint64_t at = directory.Number(tiled ? kTileOffsetsTag : kStripOffsetsTag, 0, index);
  const uint64_t size = directory.Number(tiled ? kTileSizesTag : kStripSizesTag, 0, index);
  return ByteView(tiff).Slice(at, size);
}

Result<void> VisitTiffBlocks(const TiffDirectory& directory, std::span<const uint8_t> tiff,
                             const std::function<Result<void>(const TiffBlock&)>& visit) {
  const uint64_t width = directory.Number(kWidthTag, 0);
  const uint64_t height = directory.Number(kHeightTag, 0);
  const bool tiled = IsTiled(directory);
  const uint64_t block_width = tiled ? directory.Number(kTileWidthTag, 0) : width;
  const uint64_t stored_height =
      directory.Number(tiled ? kTileHeightTag : kRowsPerStripTag, height);
  const uint64_t block_height = std::min(stored_height, height);
  if (block_width == 0 || block_height == 0) return {};
  const bool planes = directory.Number(kPlanesTag, 1) == kSeparatePlanes &&
                      directory.Number(kPhotometricTag, 0) != kYcbcr;
  // What a hostile size has beyond the table has no bytes.
  const uint64_t blocks = directory.Count(tiled ? kTileOffsetsTag : kStripOffsetsTag);
  uint64_t index = 0;
  for (uint64_t plane = 0; plane < (planes ? directory.Number(kSamplesTag, 1) : 1); ++plane) {
    for (uint64_t y = 0; y < height; y += block_height) {
      for (uint64_t x = 0; x < width; x += block_width, ++index) {
        if (index >= blocks) return {};
        const TiffBlock block = {index,
                                 BytesOfTiffBlock(directory, tiff, index),
                                 block_width,
                                 tiled ? stored_height : block_height,
                                 std::min(block_width, width - x),
                                 std::min(block_height, height - y)};
        if (auto seen = visit(block); !seen) return seen;
      }
    }
  }
  return {};
}

std::array<uint8_t, 8> FillOfTiff(const ImnormTiffInfo& info, std::optional<double> nodata) {
  std::array<uint8_t, 8> fill = {};
  if (!nodata) return fill;
  const auto put = [&fill](const auto value) { std::memcpy(fill.data(), &value, sizeof value); };
  if (info.format == kImnormTiffFloat) {
    // Beyond the range of a float is what GDAL makes of it too: infinite.
    const auto narrow = float(*nodata);
    if (info.bits == 16) put(Float16Bits(narrow));
    if (info.bits == 32) put(narrow);
    if (info.bits == 64) put(*nodata);
    return fill;
  }
  if (info.bits < 1 || info.bits > 32) return fill;
  const bool is_signed = info.format == kImnormTiffSigned;
  const int64_t range = int64_t{1} << info.bits;
  const int64_t value =
      is_signed ? Clamped(*nodata, -range / 2, range / 2 - 1) : Clamped(*nodata, 0, range - 1);
  if (info.bits <= 8) {
    put(uint8_t(value));
  } else if (info.bits <= 16) {
    put(uint16_t(value));
  } else {
    put(uint32_t(value));
  }
  return fill;
}

}  // namespace imnorm
