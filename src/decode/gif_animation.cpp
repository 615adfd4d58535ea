// Draws the frames of a GIF over each other.
#include "decode/gif_animation.h"

#include <algorithm>
#include <array>

namespace imnorm {
namespace {

constexpr int kToBackground = 2;
constexpr int kToPrevious = 3;

// The colour of an index in a frame.
std::array<uint8_t, 4> ColorOf(const GifHeader& header, int index, bool gray) {
  if (gray || header.palette_bits == 0) {
    return {uint8_t(index), uint8_t(index), uint8_t(index), 255};
  }
  const auto& color = header.colors[size_t(index)];
  return {color[0], color[1], color[2], 255};
}

}  // namespace

Result<PictureInfo> ProbeGifFrame(std::span<const uint8_t> bytes, uint64_t frame) {
  const auto first = ParseGif(bytes);
  if (!first) return Failed(first);
  const auto header = ParseGif(bytes, frame);
  if (!header) return Failed(header);
  PictureInfo info;
  info.format = "gif";
  info.width = header->width;
  info.height = header->height;
  info.channels = first->palette_bits == 0 ? 1 : 3;
  info.bits = 8;
  info.has_palette = true;
  info.has_alpha = first->transparent >= 0;
  info.progressive = header->interlaced;
  info.frames = header->frames;
  // The canvas, what a frame hides of it or it grows from, and the frame's indices.
  info.decode_bytes = uint64_t(info.width) * uint64_t(info.height) * 9 + bytes.size();
  return info;
}

Result<void> GifAnimation::Next(std::span<const uint8_t> bytes, const DecodeOptions& options) {
  const auto header = ParseGif(bytes, frame_);
  if (!header) return Failed(header);
  if (auto size = CheckSize(header->width, header->height, options); !size) return size;
  if (frame_ == 0) {
    gray_ = header->palette_bits == 0;
    transparent_ = header->transparent;
  } else if (gray_ && header->palette_bits > 0) {
    return Fail(ErrorCode::kUnsupported,
                "its first frame is grey and this one has colours, which readers take in different "
                "ways");
  }
  if (auto read = ReadGifFrame(bytes, *header, options, codes_, indices_); !read) return read;
  Dispose();
  if (frame_ == 0) canvas_.Reset(header->width, header->height);
  KeepForDisposal(*header);
  Grow(*header);
  Draw(*header);
  ++frame_;
  return {};
}

void GifAnimation::Dispose() {
  if (under_.empty()) return;
  const size_t row_bytes = size_t(place_.width) * 4;
  for (int y = 0; y < place_.height; ++y) {
    std::copy_n(under_.data() + size_t(y) * row_bytes, row_bytes,
                canvas_.row(place_.x, place_.y + y));
  }
  under_.clear();
}

// What is new of a larger canvas is transparent or, where the frame is not, its first colour.
void GifAnimation::Grow(const GifHeader& header) {
  if (header.width <= canvas_.width && header.height <= canvas_.height) return;
  FrameCanvas larger;
  larger.Reset(header.width, header.height);
  if (!gray_ && header.transparent < 0) {
    const auto color = ColorOf(header, 0, false);
    larger.Fill({0, 0, header.width, header.height}, {color[0], color[1], color[2], 255});
  }
  for (int y = 0; y < canvas_.height; ++y) {
    std::copy_n(canvas_.row(0, y), canvas_.row_bytes(), larger.row(0, y));
  }
  canvas_ = std::move(larger);
}

void GifAnimation::KeepForDisposal(const GifHeader& header) {
  place_ = header.frame;
  const size_t pixels = size_t(place_.width) * size_t(place_.height);
  if (header.disposal == kToBackground) {
    // A grey one keeps the transparent index of its first frame.
    const int transparent = gray_ && transparent_ >= 0 ? transparent_ : header.transparent;
    const bool clear = transparent >= 0;
    int index = clear ? transparent : header.background;
    if (frame_ > 0 && index >= 1 << header.palette_bits && !gray_) index = 0;
    auto color = ColorOf(header, index, gray_);
    if (clear && !gray_) color[3] = 0;
    under_.resize(pixels * 4);
    for (size_t i = 0; i < pixels; ++i) std::copy_n(color.begin(), 4, under_.data() + 4 * i);
  } else if (header.disposal == kToPrevious && frame_ > 0) {
    under_.resize(pixels * 4);  // beyond the canvas: black, and transparent
    const int width = std::min(place_.width, canvas_.width - place_.x);
    for (int y = 0; y < place_.height && place_.y + y < canvas_.height && width > 0; ++y) {
      std::copy_n(canvas_.row(place_.x, place_.y + y), size_t(width) * 4,
                  under_.data() + size_t(y) * size_t(place_.width) * 4);
    }
  } else if (header.disposal == kToPrevious && header.transparent >= 0) {
    auto color = ColorOf(header, header.transparent, gray_);
    if (!gray_) color[3] = 0;
    under_.resize(pixels * 4);
    for (size_t i = 0; i < pixels; ++i) std::copy_n(color.begin(), 4, under_.data() + 4 * i);
  }
}

void GifAnimation::Draw(const GifHeader& header) {
  if (frame_ == 0) {
    // What stands outside of the first frame has the transparent index, or else index 0.
    const auto color = ColorOf(header, std::max(header.transparent, 0), gray_);
    const uint8_t alpha = header.transparent >= 0 && !gray_ ? 0 : 255;
    canvas_.Fill({0, 0, canvas_.width, canvas_.height}, {color[0], color[1], color[2], alpha});
  }
  const uint8_t* index = indices_.data();
  for (int y = 0; y < place_.height; ++y) {
    uint8_t* out = canvas_.row(place_.x, place_.y + y);
    for (int x = 0; x < place_.width; ++x, ++index, out += 4) {
      const bool clear = int(*index) == header.transparent;
      if (clear && frame_ > 0) continue;
      const auto color = ColorOf(header, *index, gray_);
      std::copy_n(color.begin(), 4, out);
      if (clear && !gray_) out[3] = 0;
    }
  }
  if (!gray_ || transparent_ < 0) return;
  for (size_t i = 0; i < canvas_.pixels.size(); i += 4) {
    canvas_.pixels[i + 3] = canvas_.pixels[i] == transparent_ ? 0 : 255;
  }
}

}  // namespace imnorm
