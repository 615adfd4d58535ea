// Tells of TIFFs that are sound and not read, from their tags.
#include "decode/tiff_unread.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace imnorm {
namespace {

constexpr int kBitsTag = 258;
constexpr int kCompressionTag = 259;
constexpr int kPhotometricTag = 262;
constexpr int kSamplesTag = 277;
constexpr int kPlanesTag = 284;
constexpr int kPredictorTag = 317;
constexpr int kSampleFormatTag = 339;
constexpr int kSubsamplingTag = 530;

uint64_t CompressionOf(const TiffDirectory& directory) {
  return directory.Number(kCompressionTag, 1);
}

// YCbCr but for JPEG's, which libjpeg converts.
//
// Source:   putcontig8bitYCbCr44tile of libtiff's tif_getimage.c, up to 4.7 at least, goes astray
//           where a side is no multiple of 4; for other kinds there is no converter
std::string UnreadYcbcr(const TiffDirectory& directory) {
  constexpr uint64_t kYcbcr = 6;
  constexpr uint64_t kJpegs[] = {6, 7};  // the old kind and the new one
  constexpr uint64_t kSeparatePlanes = 2;
  if (directory.Number(kPhotometricTag, 0) != kYcbcr) return "";
  const bool planes = directory.Number(kPlanesTag, 1) == kSeparatePlanes;
  const uint64_t compression = CompressionOf(directory);
  const bool is_jpeg = std::ranges::find(kJpegs, compression) != std::end(kJpegs);
  if (is_jpeg && !planes) return "";
  const uint64_t across = directory.Number(kSubsamplingTag, 2, 0);
  const uint64_t down = directory.Number(kSubsamplingTag, 2, 1);
  const bool whole = across == 1 && down == 1;
  const bool known = (across == 1 || across == 2 || across == 4) && (down == 1 || down == 2);
  const uint64_t samples = directory.Number(kSamplesTag, 1);
  const uint64_t bits = directory.Number(kBitsTag, 1);
  if (bits == 8 && samples == 3 && (planes ? whole : known)) return "";
  return fmt::format(
      "YCbCr TIFF of {} x {}-bit samples{}, subsampled {} x {}, is not read; save it as RGB",
      samples, bits, planes ? " in planes" : "", across, down);
}

std::string UnreadPredictor(const TiffDirectory& directory) {
  constexpr uint64_t kPredicting[] = {5, 8, 32946, 34925, 50000};  // LZW, Deflate, LZMA, Zstandard
  constexpr uint64_t kNone = 1;
  constexpr uint64_t kHorizontal = 2;
  constexpr uint64_t kFloatingPoint = 3;
  constexpr uint64_t kFloats = 3;  // the sample format
  if (std::ranges::find(kPredicting, CompressionOf(directory)) == std::end(kPredicting)) return "";
  const uint64_t predictor = directory.Number(kPredictorTag, kNone);
  const uint64_t bits = directory.Number(kBitsTag, 1);
  const bool words = bits == 8 || bits == 16 || bits == 32 || bits == 64;
  const bool floats = directory.Number(kSampleFormatTag, 1) == kFloats;
  if (predictor == kNone || (predictor == kHorizontal && words) ||
      (predictor == kFloatingPoint && floats)) {
    return "";
  }
  return fmt::format("TIFF with predictor {} of {}-bit samples is not read; save it without one",
                     predictor, bits);
}

}  // namespace

std::string UnreadKindOfTiff(const TiffDirectory& directory) {
  if (!directory.HasEqual(kBitsTag) || !directory.HasEqual(kSampleFormatTag)) {
    return "TIFF whose samples are not all of one type is not read; save it with as many bits each";
  }
  if (std::string reason = UnreadYcbcr(directory); !reason.empty()) return reason;
  return UnreadPredictor(directory);
}

}  // namespace imnorm
