// Hands rows to Little CMS and puts alpha back beside what comes out.
#include "decode/to_srgb.h"

#include <fmt/format.h>

#include <algorithm>
#include <new>

#include "decode/icc_profile.h"
#include "module/module.h"

namespace imnorm {
namespace {

constexpr int kBandRows = 16;

constexpr ModuleName kModule = {"imnorm_icc.so", "imnorm_icc_api", "applies ICC profiles",
                                "IMNORM_BUILD_ICC_MODULE", "imnorm-formats"};

Result<const ImnormIccApi*> Load() {
  const Result<void*> entry = LoadModule(kModule);
  if (!entry) return Failed(entry);
  const ImnormIccApi* api = reinterpret_cast<ImnormIccEntry>(*entry)();
  if (api->api != kImnormIccApi) return ForeignModule(kModule);
  return api;
}

}  // namespace

Result<const ImnormIccApi*> LoadIcc() {
  static const Result<const ImnormIccApi*> api = Load();
  return api;
}

std::string TellIcc() {
  if (!HasModule(kModule)) return "not applied here: " + RemedyOf(kModule);
  const Result<const ImnormIccApi*> api = LoadIcc();
  return api ? fmt::format("{} {}, in {}", (*api)->library, (*api)->version, kModule.file)
             : "not applied here: " + api.error().message;
}

DecodeOptions SrgbConverter::Before(const DecodeOptions& options) {
  DecodeOptions before = options;
  before.icc = IccPolicy::kIgnore;
  before.inks = true;
  before.channels = DecodeChannels::kRgb;
  before.depth = 8;
  if (before.alpha != AlphaPolicy::kDrop) before.alpha = AlphaPolicy::kMask;
  return before;
}

Result<void> SrgbConverter::Reset(std::span<const uint8_t> profile, const PictureInfo& picture,
                                  const DecodeOptions& options, RowConsumer& consumer) {
  const Result<const ImnormIccApi*> api = LoadIcc();
  if (!api) return Failed(api);
  consumer_ = &consumer;
  target_.colors = options.channels == DecodeChannels::kGray ? 1 : 3;
  target_.alpha = options.alpha;
  std::copy_n(options.background, 3, target_.background);
  const int colors = picture.has_inks ? 4 : picture.channels == 1 && !picture.has_palette ? 1 : 3;
  if (transform_ && colors == colors_ && std::ranges::equal(profile, profile_)) return {};
  transform_.reset();
  const std::string of = ColorsOfIcc(profile);
  const char* wanted = colors == 4 ? "CMYK" : colors == 1 ? "grey" : "RGB";
  if (KindOfIcc(profile) != IccKind::kDamaged && of != wanted) {
    return Fail(ErrorCode::kCorrupt,
                fmt::format("its ICC profile is one of {}, and the picture is {}; `icc` ignore "
                            "leaves the profile alone",
                            of, wanted));
  }
  char error[kImnormIccErrorBytes] = {};
  void* transform = nullptr;
  if (const int outcome = (*api)->open(profile.data(), profile.size(), colors, &transform, error)) {
    if (outcome == kImnormIccNoMemory) throw std::bad_alloc();
    return Fail(ErrorCode::kCorrupt,
                fmt::format("its ICC profile is damaged: {}; `icc` ignore leaves it alone", error));
  }
  transform_ = {transform, (*api)->close};
  profile_.assign(profile.begin(), profile.end());
  colors_ = colors;
  return {};
}

int SrgbConverter::Reduction(int width, int height) const {
  return consumer_->Reduction(width, height);
}

Result<Rect> SrgbConverter::Begin(const ImageInfo& info) {
  const int samples = colors_ == 4 ? 4 : 3;  // grey comes as three equal ones
  has_alpha_ = info.has_alpha;
  if (info.type != ElementType::kU8 || info.channels != samples + (has_alpha_ ? 1 : 0)) {
    return Fail(ErrorCode::kUnsupported,
                "an ICC profile is applied to grey, RGB and CMYK of 8 bits only");
  }
  ImageInfo converted = info;
  converted.has_alpha = has_alpha_ && target_.alpha == AlphaPolicy::kMask;
  converted.channels = target_.colors + (converted.has_alpha ? 1 : 0);
  converted.nodata.reset();  // of samples that are no more
  const Result<Rect> window = consumer_->Begin(converted);
  if (!window) return Failed(window);
  width_ = window->width;
  out_stride_ = size_t(width_) * size_t(converted.channels);
  samples_.resize(size_t(width_) * 4);
  colored_.resize(size_t(width_) * 4);
  band_.resize(out_stride_ * kBandRows);
  return window;
}

void SrgbConverter::ConvertOne(const uint8_t* in, uint8_t* out) {
  const size_t step = (colors_ == 4 ? 4 : 3) + (has_alpha_ ? 1 : 0);
  const auto width = size_t(width_);
  uint8_t* sample = samples_.data();
  for (size_t i = 0; i < width; ++i) {
    const uint8_t* pixel = in + i * step;
    for (int c = 0; c < colors_; ++c) *sample++ = colors_ == 4 ? uint8_t(255 - pixel[c]) : pixel[c];
  }
  const ImnormIccApi& api = **LoadIcc();
  if (!has_alpha_) {
    api.apply(transform_.get(), samples_.data(), colored_.data(), uint32_t(width_));
    return ConvertRow(PixelKind::kRgb, target_, colored_.data(), width_, out);
  }
  // From the end: the colours move apart, and alpha comes between them.
  api.apply(transform_.get(), samples_.data(), colored_.data(), uint32_t(width_));
  for (size_t i = width; i-- > 0;) {
    for (size_t c = 3; c-- > 0;) colored_[i * 4 + c] = colored_[i * 3 + c];
    colored_[i * 4 + 3] = in[i * step + step - 1];
  }
  ConvertRow(PixelKind::kRgba, target_, colored_.data(), width_, out);
}

void SrgbConverter::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  while (count > 0) {
    const int step = std::min(kBandRows, count);
    for (int i = 0; i < step; ++i, rows += stride_bytes) {
      ConvertOne(rows, band_.data() + size_t(i) * out_stride_);
    }
    consumer_->Rows(band_.data(), out_stride_, y, step);
    y += step;
    count -= step;
  }
}

}  // namespace imnorm
