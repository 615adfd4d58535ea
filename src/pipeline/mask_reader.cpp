// Reads masks by their own samples: a 16-bit 1 is an id, not black.
#include "pipeline/mask_reader.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cassert>
#include <cmath>
#include <cstring>

namespace imnorm {
namespace {

constexpr uint8_t kColored = 1;
constexpr uint8_t kOpaque = 2;

template <typename T>
bool IsSet(const uint8_t* sample) {
  T value;
  std::memcpy(&value, sample, sizeof value);
  return value != 0 && !std::isnan(double(value));
}

template <typename T>
void Mark(const uint8_t* row, const ImageInfo& info, uint8_t* out) {
  const int colors = info.channels - (info.has_alpha ? 1 : 0);
  for (int x = 0; x < info.width; ++x) {
    bool colored = false;
    for (int c = 0; c < colors; ++c, row += sizeof(T)) colored = IsSet<T>(row) || colored;
    bool opaque = true;
    if (info.has_alpha) {
      opaque = IsSet<T>(row);
      row += sizeof(T);
    }
    out[x] = uint8_t((colored ? kColored : 0) | (opaque ? kOpaque : 0));
  }
}

}  // namespace

Result<Rect> MaskRows::Begin(const ImageInfo& info) {
  info_ = info;
  colored_ = false;
  mask_.Reshape(info.width, info.height, 1, ElementType::kU8);
  return Rect{0, 0, info.width, info.height};
}

void MaskRows::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  for (int i = 0; i < count; ++i, rows += stride_bytes) {
    uint8_t* out = mask_.row(y + i);
    switch (info_.type) {
      case ElementType::kU8:
        Mark<uint8_t>(rows, info_, out);
        break;
      case ElementType::kU16:
        Mark<uint16_t>(rows, info_, out);
        break;
      case ElementType::kF32:
        Mark<float>(rows, info_, out);
        break;
      case ElementType::kF64:
        Mark<double>(rows, info_, out);
        break;
      default:
        assert(!"pictures have no other samples");
    }
    for (int x = 0; x < info_.width; ++x) colored_ = colored_ || (out[x] & kColored) != 0;
  }
}

void MaskRows::Finish() {
  const bool alpha_decides = info_.has_alpha && !colored_;
  const uint8_t needed = alpha_decides ? kOpaque : kColored | kOpaque;
  for (uint8_t& pixel : mask_.pixels) pixel = (pixel & needed) == needed ? 1 : 0;
}

Result<void> ReadMask(const std::string& path, const DecodeOptions& picture, PictureWorker& worker,
                      Image& mask) {
  DecodeOptions options;
  options.channels = DecodeChannels::kNative;
  options.alpha = AlphaPolicy::kMask;
  options.depth = 16;
  options.palette_indices = true;
  options.apply_exif = picture.apply_exif;
  options.max_pixels = picture.max_pixels;
  options.jpeg = picture.jpeg;
  options.png = picture.png;
  options.stop = picture.stop;
  if (auto read = ReadFile(path, uint64_t{1} << 30, false, worker.bytes, options.stop); !read) {
    return read;
  }
  MaskRows rows(mask);
  auto decoded = worker.decoder.Decode(worker.bytes, options, rows);
  if (!decoded) return Failed(decoded);
  rows.Finish();
  return {};
}

std::string MaskPath(const std::string& folder, std::string_view key) {
  std::string path = fmt::format("{}/{}", folder, key);
  if (access(path.c_str(), F_OK) == 0) return path;
  const size_t dot = path.rfind('.');
  return dot == std::string::npos || dot < path.rfind('/') ? path : path.substr(0, dot) + ".png";
}

}  // namespace imnorm
