// Turns rows as libtiff gives them into samples, colours and alpha.
#include "decode/tiff_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>

#include "imnorm/values.h"

namespace imnorm {
namespace {

// TIFF's own numbers.
enum Photometric { kWhiteIsZero = 0, kBlackIsZero = 1, kRgbColors = 2, kColorMap = 3, kInks = 5 };
enum Extra {
  kNoExtra = -1,
  kUnspecified = 0,
  kAssociatedAlpha = 1,
  kStraightAlpha = 2,
  kCorelAlpha = 999
};

// RGB and CMYK may carry this many samples that mean nothing, as in Pillow.
constexpr int kMaxLeftOut = 2;
constexpr int kMaxSamples = 1024;

bool IsStraight(int extra) { return extra == kStraightAlpha || extra == kCorelAlpha; }

tl::unexpected<Error> Unsupported(const ImnormTiffInfo& info, const char* reason) {
  return Fail(ErrorCode::kUnsupported,
              fmt::format("a TIFF of {} x {}-bit samples, photometric {}: {}", info.samples,
                          info.bits, info.photometric, reason));
}

// Colour pictures that Pillow reads; meaning kBands says that this is none.
TiffPlan PlanColors(const ImnormTiffInfo& info) {
  const bool bytes = info.bits == 8;
  const bool words = info.bits == 16;
  const int samples = info.samples;
  const int extra = info.first_extra;
  switch (info.photometric) {
    case kWhiteIsZero:
    case kBlackIsZero:
      if (samples == 1) return {TiffMeaning::kGray, PixelKind::kGray};
      if (samples == 2 && bytes && extra == kStraightAlpha) {
        return {TiffMeaning::kColor, PixelKind::kGrayAlpha};
      }
      break;
    case kColorMap:
      if (samples == 1 && info.bits <= 8) return {TiffMeaning::kPalette, PixelKind::kRgb};
      if (samples == 2 && bytes && extra == kStraightAlpha) {
        return {TiffMeaning::kPalette, PixelKind::kRgba};
      }
      break;
    case kRgbColors:
      if (!bytes && !words) break;
      if (samples == 3) return {TiffMeaning::kColor, PixelKind::kRgb};
      if (samples < 4 || samples > 4 + (bytes ? kMaxLeftOut : 0)) break;
      if (extra == kUnspecified) return {TiffMeaning::kColor, PixelKind::kRgb};
      if (extra == kAssociatedAlpha) return {TiffMeaning::kPremultiplied, PixelKind::kRgba};
      if (IsStraight(extra) || (extra == kNoExtra && samples == 4)) {
        return {TiffMeaning::kColor, PixelKind::kRgba};
      }
      break;
    case kInks:
      if ((bytes && samples >= 4 && samples <= 4 + kMaxLeftOut) || (words && samples == 4)) {
        return {TiffMeaning::kCmyk, PixelKind::kInvertedCmyk};
      }
      break;
    default:
      break;
  }
  return {};
}

// With kNative, samples of no declared meaning are bands of their own, not padding.
bool IsMultiBand(const ImnormTiffInfo& info, const TiffPlan& colors) {
  if (colors.meaning == TiffMeaning::kBands) return true;
  if (colors.meaning == TiffMeaning::kPalette || info.samples == 1) return false;
  const bool alpha = info.first_extra == kAssociatedAlpha || IsStraight(info.first_extra);
  return info.samples - (alpha ? 1 : 0) > 3;
}

const char* NameOfFormat(int format) {
  return format == kImnormTiffUnsigned ? "unsigned integers"
         : format == kImnormTiffSigned ? "signed integers"
         : format == kImnormTiffFloat  ? "floats"
                                       : "complex numbers";
}

// A kind of stored samples, and how bands of them are delivered.
struct BandSamples {
  int format;
  int bits;       // as many at least
  int most_bits;  // and at most
  ElementType type;
};

constexpr BandSamples kBandSamples[] = {
    {kImnormTiffUnsigned, 8, 8, ElementType::kU8},
    {kImnormTiffUnsigned, 9, 16, ElementType::kU16},
    {kImnormTiffUnsigned, 32, 32, ElementType::kF64},
    {kImnormTiffSigned, 8, 8, ElementType::kF32},
    {kImnormTiffSigned, 16, 16, ElementType::kF32},
    {kImnormTiffSigned, 32, 32, ElementType::kF64},
    {kImnormTiffFloat, 16, 16, ElementType::kF32},
    {kImnormTiffFloat, 32, 32, ElementType::kF32},
    {kImnormTiffFloat, 64, 64, ElementType::kF64},
};

const BandSamples* BandSamplesOf(const ImnormTiffInfo& info) {
  const auto found = std::ranges::find_if(kBandSamples, [&info](const BandSamples& row) {
    return row.format == info.format && row.bits <= info.bits && info.bits <= row.most_bits;
  });
  return found == std::end(kBandSamples) ? nullptr : &*found;
}

Result<TiffPlan> PlanBands(const ImnormTiffInfo& info) {
  if (BandSamplesOf(info) != nullptr) return TiffPlan{};
  return Fail(ErrorCode::kUnsupported,
              fmt::format("TIFF of {}-bit {} is not read; convert it to integers of 8, 16 or 32 "
                          "bits or floats of 16, 32 or 64",
                          info.bits, NameOfFormat(info.format)));
}

// Samples of a stored type, widened.
template <typename Stored, typename Delivered>
void Widen(const uint8_t* in, size_t count, uint8_t* out) {
  const auto* from = reinterpret_cast<const Stored*>(in);
  std::copy_n(from, count, reinterpret_cast<Delivered*>(out));
}

// Undoes a multiplication by alpha as Pillow does: truncating, and nothing where alpha is 0.
template <typename T>
void Unmultiply(const T* in, size_t step, int width, T* out) {
  constexpr uint64_t kMax = T(~T(0));
  for (int i = 0; i < width; ++i, in += step, out += 4) {
    const uint64_t alpha = in[3];
    for (int c = 0; c < 3; ++c) {
      out[c] = alpha == 0 ? T(0) : T(std::min(kMax, in[c] * kMax / alpha));
    }
    out[3] = T(alpha);
  }
}

template <typename T>
void PickSamples(const T* in, size_t step, size_t keep, int width, T* out) {
  if (step == keep) {
    std::memcpy(out, in, size_t(width) * keep * sizeof(T));
    return;
  }
  for (int i = 0; i < width; ++i, in += step, out += keep) std::copy_n(in, keep, out);
}

// The grey of each sample value: the full range, from the other end where white is zero.
std::vector<uint8_t> GrayTable(int bits, bool white_is_zero) {
  const int max = (1 << bits) - 1;
  std::vector<uint8_t> table(256);
  for (int v = 0; v <= max; ++v) {
    const int gray = v * 255 / max;
    table[size_t(v)] = uint8_t(white_is_zero ? 255 - gray : gray);
  }
  return table;
}

// Palette entries have 16 bits; Pillow takes the high byte of all of them.
std::vector<uint8_t> PaletteTable(const ImnormTiffInfo& info) {
  std::vector<uint8_t> table(256 * 3);
  for (size_t i = 0; i < size_t(1) << info.bits; ++i) {
    for (size_t c = 0; c < 3; ++c) table[i * 3 + c] = uint8_t(info.map[c][i] >> 8);
  }
  return table;
}

}  // namespace

Result<TiffPlan> PlanTiff(const ImnormTiffInfo& info, DecodeChannels channels) {
  if (info.samples < 1 || info.samples > kMaxSamples) {
    return Unsupported(info, "too many samples");
  }
  if (info.as_rgba) return TiffPlan{TiffMeaning::kColor, PixelKind::kRgb};
  const bool integers =
      info.format == kImnormTiffUnsigned &&
      (info.bits == 1 || info.bits == 2 || info.bits == 4 || info.bits == 8 || info.bits == 16);
  const TiffPlan colors = integers ? PlanColors(info) : TiffPlan{};
  if (channels == DecodeChannels::kNative && IsMultiBand(info, colors)) return PlanBands(info);
  if (colors.meaning == TiffMeaning::kBands) {
    // Bands that are not read either: no reason to send anybody there.
    if (auto bands = PlanBands(info); !bands) return bands;
    return Unsupported(
        info, "no colour picture that has one meaning; `channels` native takes bands as they are");
  }
  if (colors.meaning == TiffMeaning::kGray && info.bits == 16 && info.photometric == kWhiteIsZero) {
    return Unsupported(info, "16-bit grey where 0 is white, which readers take in different ways");
  }
  if (colors.meaning == TiffMeaning::kPalette && info.map[0] == nullptr) {
    return Fail(ErrorCode::kCorrupt, "a palette picture without a palette");
  }
  return colors;
}

TiffRowConverter::TiffRowConverter(const ImnormTiffInfo& info, const TiffPlan& plan, int depth)
    : info_(info), plan_(plan) {
  source_.width = int(info.width);
  source_.height = int(info.height);
  source_.kind = plan.kind;
  source_.bands = info.samples;
  if (info.as_rgba) {
    info_.samples = 4;
    info_.bits = 8;
  }
  source_.type = info_.bits == 16 ? ElementType::kU16 : ElementType::kU8;
  if (plan.kind == PixelKind::kBands) source_.type = BandSamplesOf(info_)->type;
  const bool inks = plan.meaning == TiffMeaning::kCmyk;
  narrow_first_ = source_.type == ElementType::kU16 && (depth == 8 || inks);
  if (narrow_first_) source_.type = ElementType::kU8;
  if (plan.meaning == TiffMeaning::kGray && info_.bits <= 8) {
    table_ = GrayTable(info_.bits, info_.photometric == kWhiteIsZero);
  }
  if (plan.meaning == TiffMeaning::kPalette) table_ = PaletteTable(info_);
}

void TiffRowConverter::ConvertBytes(const uint8_t* in, uint8_t* out) const {
  const auto step = size_t(info_.samples);
  const auto keep = size_t(source_.channels());
  switch (plan_.meaning) {
    case TiffMeaning::kGray:
      if (table_.empty()) return PickSamples(in, step, keep, source_.width, out);
      for (int i = 0; i < source_.width; ++i) out[i] = table_[in[i]];
      return;
    case TiffMeaning::kPalette:
      for (int i = 0; i < source_.width; ++i, in += step, out += keep) {
        std::copy_n(&table_[size_t(in[0]) * 3], 3, out);
        if (keep == 4) out[3] = in[1];
      }
      return;
    case TiffMeaning::kPremultiplied:
      return Unmultiply(in, step, source_.width, out);
    case TiffMeaning::kCmyk:
      PickSamples(in, step, keep, source_.width, out);
      for (size_t i = 0; i < source_.stride_bytes(); ++i) out[i] = uint8_t(255 - out[i]);
      return;
    case TiffMeaning::kColor:
    case TiffMeaning::kBands:
      return PickSamples(in, step, keep, source_.width, out);
  }
}

void TiffRowConverter::ConvertBands(const uint8_t* in, uint8_t* out) const {
  const size_t samples = size_t(source_.width) * size_t(info_.samples);
  const bool is_signed = info_.format == kImnormTiffSigned;
  if (info_.format == kImnormTiffFloat && info_.bits == 16) {
    const auto* halves = reinterpret_cast<const uint16_t*>(in);
    std::transform(halves, halves + samples, reinterpret_cast<float*>(out), FloatFromFloat16Bits);
  } else if (is_signed && info_.bits == 8) {
    Widen<int8_t, float>(in, samples, out);
  } else if (is_signed && info_.bits == 16) {
    Widen<int16_t, float>(in, samples, out);
  } else if (is_signed) {
    Widen<int32_t, double>(in, samples, out);
  } else if (source_.type == ElementType::kF64 && info_.format == kImnormTiffUnsigned) {
    Widen<uint32_t, double>(in, samples, out);
  } else {
    std::memcpy(out, in, samples * ElementBytes(source_.type));
  }
}

void TiffRowConverter::ConvertWords(const uint16_t* in, uint16_t* out) const {
  const auto step = size_t(info_.samples);
  if (plan_.meaning == TiffMeaning::kPremultiplied) {
    return Unmultiply(in, step, source_.width, out);
  }
  PickSamples(in, step, size_t(source_.channels()), source_.width, out);
}

void TiffRowConverter::Convert(const uint8_t* in, std::vector<uint8_t>& narrow,
                               uint8_t* out) const {
  const size_t samples = size_t(source_.width) * size_t(info_.samples);
  if (narrow_first_) {
    narrow.resize(samples);
    NarrowRow(reinterpret_cast<const uint16_t*>(in), samples, narrow.data());
    return ConvertBytes(narrow.data(), out);
  }
  if (plan_.kind == PixelKind::kBands) return ConvertBands(in, out);
  if (source_.type == ElementType::kU16) {
    return ConvertWords(reinterpret_cast<const uint16_t*>(in), reinterpret_cast<uint16_t*>(out));
  }
  ConvertBytes(in, out);
}

}  // namespace imnorm
