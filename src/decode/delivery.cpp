// Converts a codec's rows into those that the consumer's window wants.
#include "decode/delivery.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace imnorm {
namespace {

// Rows converted at a time: enough to spread a call's cost, few enough to stay in cache.
constexpr int kBandRows = 16;

}  // namespace

tl::unexpected<Error> Stopped() { return Fail(ErrorCode::kCancelled, "stopped"); }

tl::unexpected<Error> NoPixels(int64_t width, int64_t height) {
  return Fail(ErrorCode::kCorrupt, fmt::format("the header says {} x {} pixels", width, height));
}

Result<void> CheckSize(int64_t width, int64_t height, const DecodeOptions& options) {
  if (width <= 0 || height <= 0) return NoPixels(width, height);
  constexpr int64_t kMaxSide = std::numeric_limits<int32_t>::max() / 64;
  // Division, not a product: sides of 2^32 must not wrap.
  if (width > kMaxSide || height > kMaxSide || width > options.max_pixels / height) {
    return Blame("max_pixels",
                 fmt::format("{} x {} pixels are more than the limit of {}; raise `max_pixels` if "
                             "the file is what you mean",
                             width, height, options.max_pixels),
                 ErrorCode::kTooLarge);
  }
  return {};
}

int TargetColors(PixelKind kind, DecodeChannels channels) {
  switch (channels) {
    case DecodeChannels::kRgb:
      return 3;
    case DecodeChannels::kGray:
      return 1;
    case DecodeChannels::kNative:
      break;
  }
  return kind == PixelKind::kGray || kind == PixelKind::kGrayAlpha ? 1 : 3;
}

Result<void> Delivery::Begin(const SourceInfo& source, const DecodeOptions& options,
                             RowConsumer& consumer) {
  if (source.kind == PixelKind::kBands && options.channels != DecodeChannels::kNative) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("{} bands of {} are no colour picture; `channels` native takes them as "
                            "they are",
                            source.bands, ElementTypeName(source.type)));
  }
  source_ = source;
  consumer_ = &consumer;
  stop_ = options.stop;
  next_row_ = 0;
  narrow_ = source.type == ElementType::kU16 && options.depth == 8;
  target_.colors = TargetColors(source.kind, options.channels);
  target_.alpha = HasAlpha(source.kind) ? options.alpha : AlphaPolicy::kDrop;
  std::copy_n(options.background, 3, target_.background);

  ImageInfo info;
  info.width = source.width;
  info.height = source.height;
  info.full_width = source.full_width > 0 ? source.full_width : source.width;
  info.full_height = source.full_height > 0 ? source.full_height : source.height;
  info.type = narrow_ ? ElementType::kU8 : source.type;
  if (source.kind == PixelKind::kBands) {
    info.channels = source.bands;
    as_is_ = !narrow_;
  } else {
    const bool keeps_alpha = HasAlpha(source.kind) && target_.alpha == AlphaPolicy::kMask;
    info.channels = target_.colors + (keeps_alpha ? 1 : 0);
    info.has_alpha = keeps_alpha;
    const bool inks = options.inks && source.kind == PixelKind::kInvertedCmyk;
    if (inks) info.channels = source.channels();
    as_is_ = !narrow_ && info.channels == source.channels() &&
             (inks || source.kind != PixelKind::kInvertedCmyk) &&
             (!HasAlpha(source.kind) || keeps_alpha);
  }
  info.nodata = source.nodata;
  info.reduced = narrow_ || source.reduced;
  Result<Rect> window = consumer.Begin(info);
  if (!window) return Failed(window);
  window_ = *window;
  out_stride_ = size_t(window_.width) * size_t(info.channels) * ElementBytes(info.type);
  if (!as_is_) band_.resize(out_stride_ * kBandRows);
  if (narrow_) narrowed_.resize(size_t(window_.width) * size_t(source.channels()));
  return {};
}

bool Delivery::Rows(const uint8_t* rows, size_t stride_bytes, int count) {
  const int first = std::max(next_row_, window_.y);
  const int end = std::min(next_row_ + count, window_.y + window_.height);
  const uint8_t* in = rows + size_t(first - next_row_) * stride_bytes +
                      size_t(window_.x) * size_t(source_.channels()) * ElementBytes(source_.type);
  next_row_ += count;
  if (first >= end) return !stopped();
  for (int y = first; y < end;) {
    if (stopped()) return false;
    const int step = std::min(kBandRows, end - y);
    if (as_is_) {
      consumer_->Rows(in, stride_bytes, y, step);
      in += size_t(step) * stride_bytes;
      y += step;
      continue;
    }
    for (int i = 0; i < step; ++i, in += stride_bytes) {
      ConvertOne(in, band_.data() + size_t(i) * out_stride_);
    }
    consumer_->Rows(band_.data(), out_stride_, y, step);
    y += step;
  }
  return true;
}

void Delivery::ConvertOne(const uint8_t* in, uint8_t* out) {
  const size_t samples = size_t(window_.width) * size_t(source_.channels());
  if (source_.type == ElementType::kU16 && !narrow_) {
    ConvertRow(source_.kind, target_, reinterpret_cast<const uint16_t*>(in), window_.width,
               reinterpret_cast<uint16_t*>(out));
    return;
  }
  if (narrow_) {
    const auto* wide = reinterpret_cast<const uint16_t*>(in);
    if (source_.kind == PixelKind::kBands) {
      NarrowRow(wide, samples, out);
      return;
    }
    NarrowRow(wide, samples, narrowed_.data());
    in = narrowed_.data();
  }
  ConvertRow(source_.kind, target_, in, window_.width, out);
}

}  // namespace imnorm
