// Unfilters rows and hands them on, band by band.
#include "decode/png/rows.h"

#include <algorithm>
#include <cstring>

#include "decode/png/grow.h"
#include "decode/png/unfilter.h"

namespace imnorm::png {
namespace {

// As many as the widest wavefront takes together.
constexpr int kBandRows = 16;
static_assert(kBandRows <= Converter::kMostRows);

}  // namespace

void RowMaker::Start(const Header& header, const Form& form, const DecodeOptions& options,
                     Delivery& delivery) {
  header_ = &header;
  options_ = &options;
  delivery_ = &delivery;
  converter_.Start(header, form);
  passes_ = PassesOf(header.interlaced);
  pass_row_ = 0;
  SkipEmptyPasses();
  reason_ = {};
  const size_t stride = RowBytes(header.width, header.bits_per_pixel());
  Grow(zeros_, stride + kUnfilterSlack);
  Grow(rows_, (kBandRows + 1) * stride + kUnfilterSlack);
  if (header.interlaced) {
    Grow(picture_, size_t(header.width) * size_t(header.height) * converter_.pixel_bytes());
  }
}

void RowMaker::SkipEmptyPasses() {
  while (!complete() && (PassWidth() == 0 || PassHeight() == 0)) passes_ = passes_.subspan(1);
}

RowMaker::Status RowMaker::Add(const uint8_t* in, size_t size, size_t& used) {
  used = 0;
  while (!complete()) {
    const int width = PassWidth();
    const size_t row = RowBytes(width, header_->bits_per_pixel()) + 1;
    const int most = std::min(PassHeight() - pass_row_, kBandRows);
    const int count = int(std::min((size - used) / row, size_t(most)));
    if (count == 0) break;
    const Status status = AddBand(in + used, width, count);
    if (status != Status::kMore) return status;
    used += row * size_t(count);
    pass_row_ += count;
    if (pass_row_ < PassHeight()) continue;
    passes_ = passes_.subspan(1);
    pass_row_ = 0;
    SkipEmptyPasses();
  }
  return Status::kMore;
}

RowMaker::Status RowMaker::AddBand(const uint8_t* in, int width, int count) {
  const size_t stride = RowBytes(width, header_->bits_per_pixel());
  uint8_t* const made = rows_.data() + stride;
  FilteredRows job = {};
  job.in = in;
  job.rows = count;
  job.stride = stride;
  job.pixel_bytes = std::max(header_->bits_per_pixel() / 8, 1);
  job.above = pass_row_ == 0 ? zeros_.data() : rows_.data();
  job.out = made;
  if (!UnfilterRows(job)) {
    reason_ = "an unknown filter";
    return Status::kBad;
  }
  const uint8_t* const pixels = converter_.Convert(made, stride, width, count);
  if (pixels == nullptr) {
    reason_ = "an index past the palette";
    return Status::kBad;
  }
  bool goes_on = true;
  if (header_->interlaced) {
    Place(pixels, width, count);
    goes_on = !options_->stopped();
  } else {
    goes_on = delivery_->Rows(pixels, size_t(width) * converter_.pixel_bytes(), count);
  }
  std::memcpy(rows_.data(), made + size_t(count - 1) * stride, stride);
  return goes_on ? Status::kMore : Status::kStopped;
}

void RowMaker::Place(const uint8_t* pixels, int width, int count) {
  const size_t bytes = converter_.pixel_bytes();
  const size_t stride = size_t(header_->width) * bytes;
  const Pass& pass = passes_.front();
  for (int i = 0; i < count; ++i) {
    const size_t y = size_t(pass.y) + size_t(pass_row_ + i) * size_t(pass.step_y);
    uint8_t* to = picture_.data() + y * stride + size_t(pass.x) * bytes;
    for (int x = 0; x < width; ++x, pixels += bytes, to += size_t(pass.step_x) * bytes) {
      std::memcpy(to, pixels, bytes);
    }
  }
}

bool RowMaker::Finish() {
  if (!header_->interlaced) return true;
  return delivery_->Rows(picture_.data(), size_t(header_->width) * converter_.pixel_bytes(),
                         header_->height);
}

}  // namespace imnorm::png
