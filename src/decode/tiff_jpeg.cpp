// Looks into the strips and tiles of a TIFF that are JPEGs.
#include "decode/tiff_jpeg.h"

#include <fmt/format.h>

#include "decode/jpeg_header.h"
#include "decode/jpeg_kind.h"
#include "decode/tiff_blocks.h"

namespace imnorm {
namespace {

constexpr int kCompressionTag = 259;
constexpr uint64_t kJpegCompression = 7;

bool HoldsJpegs(const TiffDirectory& directory) {
  return directory.Number(kCompressionTag, 0) == kJpegCompression;
}

}  // namespace

std::string UnreadJpegInside(const TiffDirectory& directory, std::span<const uint8_t> tiff) {
  return HoldsJpegs(directory) ? NameOfUnreadJpeg(BytesOfTiffBlock(directory, tiff, 0)) : "";
}

Result<void> CheckJpegFrames(const TiffDirectory& directory, std::span<const uint8_t> tiff) {
  if (!HoldsJpegs(directory)) return {};
  return VisitTiffBlocks(directory, tiff, [&](const TiffBlock& block) -> Result<void> {
    const JpegHeader frame = ScanJpeg(block.bytes);
    if (frame.width == 0 || frame.height == 0) return {};
    if (uint64_t(frame.width) >= block.columns && uint64_t(frame.height) >= block.rows) return {};
    return Fail(ErrorCode::kCorrupt,
                fmt::format("the JPEG of {} has {} x {} pixels where the picture has {} x {}",
                            NameOfTiffBlock(directory, block.index), frame.width, frame.height,
                            block.columns, block.rows));
  });
}

}  // namespace imnorm
