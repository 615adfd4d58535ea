// Draws an animation up to the frame that is asked for.
#include "decode/animation.h"

#include <algorithm>
#include <utility>

namespace imnorm {

void FrameCanvas::Reset(int to_width, int to_height) {
  width = to_width;
  height = to_height;
  pixels.assign(size_t(width) * size_t(height) * 4, 0);
}

void FrameCanvas::Fill(const Rect& place, const uint8_t (&color)[4]) {
  for (int y = place.y; y < place.y + place.height; ++y) {
    uint8_t* out = row(place.x, y);
    for (int x = 0; x < place.width; ++x, out += 4) std::copy_n(color, 4, out);
  }
}

void FramePlayer::Recall(std::span<const uint8_t> bytes, uint64_t frame) {
  if (animation_ && frame + 1 >= played_ && std::ranges::equal(bytes, bytes_)) return;
  animation_.reset();
  bytes_.assign(bytes.begin(), bytes.end());
  played_ = 0;
}

Result<FrameCanvas*> FramePlayer::Play(std::span<const uint8_t> bytes,
                                       const DecodeOptions& options) {
  std::unique_ptr<Animation> animation = std::move(animation_);  // lost with what it throws
  for (; played_ <= *options.frame; ++played_) {
    if (options.stopped()) return Stopped();
    if (auto drawn = animation->Next(bytes, options); !drawn) return Failed(drawn);
  }
  animation_ = std::move(animation);
  return &animation_->canvas();
}

Result<void> DeliverCanvas(FrameCanvas& canvas, const PictureInfo& picture,
                           const DecodeOptions& options, RowConsumer& consumer,
                           Delivery& delivery) {
  if (options.palette_indices && picture.has_palette) {
    return Fail(ErrorCode::kUnsupported,
                "of frames behind the first there are colours, and no indices of a palette");
  }
  const bool gray = picture.channels == 1;
  const bool alpha = picture.has_alpha && options.alpha != AlphaPolicy::kDrop;
  SourceInfo source{canvas.width, canvas.height};
  source.kind = gray    ? alpha ? PixelKind::kGrayAlpha : PixelKind::kGray
                : alpha ? PixelKind::kRgba
                        : PixelKind::kRgb;
  if (auto begun = delivery.Begin(source, options, consumer); !begun) return begun;
  std::vector<uint8_t> row(source.stride_bytes());
  for (int y = 0; y < canvas.height; ++y) {
    const uint8_t* in = canvas.row(0, y);
    uint8_t* out = row.data();
    for (int x = 0; x < canvas.width; ++x, in += 4) {
      out = std::copy_n(in, gray ? 1 : 3, out);
      if (alpha) *out++ = in[3];
    }
    if (!delivery.Rows(row.data(), row.size(), 1)) return Stopped();
  }
  return {};
}

}  // namespace imnorm
