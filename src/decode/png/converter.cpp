// Makes pixels of unfiltered rows: samples, palette, transparency.
#include "decode/png/converter.h"

#include <algorithm>

#include "decode/bytes.h"
#include "decode/png/grow.h"

namespace imnorm::png {

void Converter::Start(const Header& header, const Form& form) {
  header_ = &header;
  channels_ = ChannelsOf(form.kind);
  pixel_bytes_ = size_t(channels_) * ElementBytes(form.type);
  unpacks_ = header.depth < 8;
  step_ = ChooseStep(form);
  if (step_ == Step::kColors) BuildColors(form);
  if (step_ == Step::kTransparency) {
    const ByteView view(header.transparency, true);
    for (uint32_t c = 0; c < header.transparency.size() / 2; ++c) key_[c] = view.U16(2 * c);
  }
  const size_t width = size_t(header.width);
  if (unpacks_) Grow(unpacked_, width);
  if (unpacks_ || step_ != Step::kNone) Grow(made_, width * pixel_bytes_ * kMostRows);
}

Converter::Step Converter::ChooseStep(const Form& form) const {
  const bool adds_alpha = form.kind == PixelKind::kRgba && header_->color != ColorType::kRgba;
  if (form.indices) return Step::kNone;
  if (header_->depth == 16) return adds_alpha ? Step::kTransparency : Step::kSwap;
  if (header_->color == ColorType::kPalette) return Step::kColors;
  if (header_->color == ColorType::kGray && (unpacks_ || adds_alpha)) return Step::kColors;
  return adds_alpha ? Step::kTransparency : Step::kNone;
}

// What each byte stands for: of a palette, or of grey samples of few bits or with a transparent
// one.
void Converter::BuildColors(const Form& form) {
  colors_ = Colors();
  if (header_->color == ColorType::kPalette) {
    for (size_t i = 0; i < header_->palette.size() / 3; ++i) {
      std::copy_n(header_->palette.data() + 3 * i, 3, colors_.of[i]);
      colors_.of[i][3] = i < header_->transparency.size() ? header_->transparency[i] : 255;
    }
    return;
  }
  const int most = (1 << header_->depth) - 1;
  for (int v = 0; v <= most; ++v) {
    std::fill_n(colors_.of[v], 3, uint8_t(v * 255 / most));
    colors_.of[v][3] = 255;
  }
  if (form.kind == PixelKind::kRgba) {
    colors_.of[ByteView(header_->transparency, true).U16(0)][3] = 0;
  }
}

bool Converter::AllInPalette(const uint8_t* indices, size_t size) const {
  const size_t colors = header_->palette.size() / 3;
  if (header_->color != ColorType::kPalette || colors == 256) return true;
  uint8_t most = 0;
  for (size_t i = 0; i < size; ++i) most = std::max(most, indices[i]);
  return most < colors;
}

const uint8_t* Converter::Convert(const uint8_t* rows, size_t stride, int width, int count) {
  const size_t pixels = size_t(width);
  if (!unpacks_ && !AllInPalette(rows, stride * size_t(count))) return nullptr;
  if (!unpacks_ && step_ == Step::kNone) return rows;
  for (int i = 0; i < count; ++i, rows += stride) {
    const uint8_t* row = rows;
    if (unpacks_) {
      UnpackBits(rows, header_->depth, pixels, unpacked_.data());
      row = unpacked_.data();
      if (!AllInPalette(row, pixels)) return nullptr;
    }
    ConvertRow(row, pixels, made_.data() + size_t(i) * pixels * pixel_bytes_);
  }
  return made_.data();
}

void Converter::ConvertRow(const uint8_t* row, size_t pixels, uint8_t* out) const {
  switch (step_) {
    case Step::kNone:
      std::copy_n(row, pixels * pixel_bytes_, out);
      return;
    case Step::kSwap:
      return SwapBytes(row, pixels * size_t(channels_), out);
    case Step::kColors:
      return MapColors(row, pixels, colors_, channels_, out);
    case Step::kTransparency:
      if (header_->depth == 8) return AddTransparency8(row, pixels, key_, out);
      return AddTransparency16(row, pixels, header_->channels(), key_, out);
  }
}

}  // namespace imnorm::png
