// Averages blocks of pixels in Pillow's integers, then resizes what is left.
#include "geometry/reduced_resizer.h"

#include <algorithm>
#include <cstring>

#include "geometry/pass_order.h"
#include "kernels/kernels.h"

namespace imnorm {
namespace {

// int(side / new_side / gap), at least 1.
int FactorOf(int side, int new_side, int gap) {
  return std::max(int(double(side) / new_side / gap), 1);
}

// 2^24 / pixels as Pillow has it, of floats.
uint32_t InverseOf(int pixels) { return uint32_t(4294967296.0f / float(256u * uint32_t(pixels))); }

// What of a side is resized, in blocks; Pillow keeps it as a float.
double LengthOf(int side, int factor) { return double(float(double(side) / factor)); }

AxisWeights WeightsOf(int side, int factor, int reduced, int new_side, int begin, int length,
                      Filter filter) {
  AxisWeightsF64 exact;
  AxisWeights fixed;
  const double part = factor > 1 ? LengthOf(side, factor) : 0.0;
  FindAxisWeights(reduced, new_side, filter, begin, begin + length, &exact, part);
  RoundAxisWeights(exact, &fixed);
  return fixed;
}

}  // namespace

Result<Rect> ReducedResizer::Begin(const ImageInfo& info) {
  across_ = down_ = 1;
  const auto place = Place(plan_, info.width, info.height);
  if (!place) return Failed(place);
  place_ = *place;
  if (plan_.resize.filter != Filter::kNearest) {
    across_ = FactorOf(info.width, place_.resized_width, plan_.resize.reducing_gap);
    down_ = FactorOf(info.height, place_.resized_height, plan_.resize.reducing_gap);
  }
  if (across_ == 1 && down_ == 1) return whole_.Begin(info);
  if (info.type != ElementType::kU8) {
    return Fail(ErrorCode::kUnsupported, "a picture that is reduced first has 8-bit samples");
  }
  if (auto begun = out_.BeginPlaced(place_, info); !begun) return Failed(begun);
  picture_.Reshape(info.width, info.height, info.channels, info.type);
  return Rect{0, 0, info.width, info.height};
}

void ReducedResizer::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  if (across_ == 1 && down_ == 1) return whole_.Rows(rows, stride_bytes, y, count);
  for (int i = 0; i < count; ++i) {
    std::memcpy(picture_.row(y + i), rows + size_t(i) * stride_bytes, picture_.stride_bytes());
  }
}

Image ReducedResizer::Reduced() const {
  const auto channels = size_t(picture_.channels);
  Image reduced;
  reduced.Reshape((picture_.width + across_ - 1) / across_, (picture_.height + down_ - 1) / down_,
                  picture_.channels, picture_.type);
  for (int y = 0; y < reduced.height; ++y) {
    const int rows = std::min(down_, picture_.height - y * down_);
    for (int x = 0; x < reduced.width; ++x) {
      const int columns = std::min(across_, picture_.width - x * across_);
      const uint32_t inverse = InverseOf(rows * columns);
      for (size_t c = 0; c < channels; ++c) {
        auto sum = uint32_t(rows * columns / 2);
        for (int row = 0; row < rows; ++row) {
          const uint8_t* from = picture_.row(y * down_ + row) + size_t(x * across_) * channels + c;
          for (int i = 0; i < columns; ++i) sum += from[size_t(i) * channels];
        }
        reduced.row(y)[size_t(x) * channels + c] = uint8_t((sum * inverse) >> 24);
      }
    }
  }
  return reduced;
}

Image ReducedResizer::ResizedAcross(const Image& picture) const {
  const Rect& window = place_.window;
  const AxisWeights weights =
      WeightsOf(picture_.width, across_, picture.width, place_.resized_width, window.x,
                window.width, plan_.resize.filter);
  Image made;
  made.Reshape(window.width, picture.height, picture.channels, picture.type);
  kernels::reference::ResampleRows(weights, 0, picture.pixels.data(), picture.stride_bytes(),
                                   picture.height, picture.channels, made.pixels.data(),
                                   made.stride_bytes());
  return made;
}

Image ReducedResizer::ResizedDown(const Image& picture) const {
  const Rect& window = place_.window;
  const AxisWeights weights =
      WeightsOf(picture_.height, down_, picture.height, place_.resized_height, window.y,
                window.height, plan_.resize.filter);
  Image made;
  made.Reshape(picture.width, window.height, picture.channels, picture.type);
  std::vector<const uint8_t*> rows(size_t(weights.taps));
  for (int y = 0; y < window.height; ++y) {
    const int count = weights.count[size_t(y)];
    for (int t = 0; t < count; ++t) rows[size_t(t)] = picture.row(weights.first[size_t(y)] + t);
    const int32_t* taps = weights.weights.data() + size_t(y) * size_t(weights.taps);
    if (weights.identity) {
      std::memcpy(made.row(y), rows[0], made.stride_bytes());
    } else {
      kernels::BlendRows(rows.data(), {taps, count, weights.precision}, picture.stride_bytes(),
                         made.row(y));
    }
  }
  return made;
}

Result<void> ReducedResizer::Finish() {
  if (across_ == 1 && down_ == 1) return whole_.Finish();
  Image picture = Reduced();
  const bool down_first = VerticalFirst(plan_.resize, picture.width, picture.height,
                                        place_.resized_width, place_.resized_height);
  if (down_first) picture = ResizedDown(picture);
  picture = ResizedAcross(picture);
  if (!down_first) picture = ResizedDown(picture);
  for (int y = 0; y < picture.height; ++y) out_.PlacedRow(y, picture.row(y));
  return {};
}

}  // namespace imnorm
