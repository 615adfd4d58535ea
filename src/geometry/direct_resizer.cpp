// Gathers each sample's neighbours, of rows that are blurred when they are wanted.
#include "geometry/direct_resizer.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "geometry/gaussian.h"
#include "kernels/fused_float.h"

namespace imnorm {
namespace {

// Of a result whose sides are no more together torch makes each sample on its own.
constexpr int kSmallSides = 128;

// The place of a sample beyond the ends, mirrored without the edge.
int Mirrored(int at, int size) {
  if (size == 1) return 0;
  at = std::abs(at) % (2 * (size - 1));
  return at < size ? at : 2 * (size - 1) - at;
}

float SigmaOf(int in_size, int out_size) {
  return std::max((float(in_size) / float(out_size) - 1.0f) / 2.0f, 0.0f);
}

}  // namespace

DirectResizer::Axis DirectResizer::MakeAxis(int in_size, int out_size, int begin, int length,
                                            bool fuses) const {
  const bool corners = plan_.resize.corners;
  Axis axis;
  const float scale = !corners       ? float(in_size) / float(out_size)
                      : out_size > 1 ? float(in_size - 1) / float(out_size - 1)
                                     : 0.0f;
  for (int out = begin; out < begin + length; ++out) {
    float at = float(out);
    if (in_size != out_size && corners) {
      at = scale * at;
    } else if (in_size != out_size) {
      const float middle = at + 0.5f;
      at = std::max(fuses ? std::fma(scale, middle, -0.5f) : scale * middle - 0.5f, 0.0f);
    }
    const int first = std::min(int(std::floor(at)), in_size - 1);
    axis.first.push_back(first);
    axis.second.push_back(std::min(first + 1, in_size - 1));
    axis.weight.push_back(std::clamp(at - float(first), 0.0f, 1.0f));
  }
  return axis;
}

Result<Rect> DirectResizer::Begin(const ImageInfo& info) {
  if (info.type != ElementType::kU8) {
    return Fail(ErrorCode::kUnsupported, "torch's resize takes 8-bit samples");
  }
  auto place = Place(plan_, info.width, info.height);
  if (!place) return Failed(place);
  place_ = *place;
  ImageInfo placed = info;
  placed.type = ElementType::kF32;
  if (auto begun = out_.BeginPlaced(place_, placed); !begun) return Failed(begun);
  picture_.Reshape(info.width, info.height, info.channels, info.type);
  table_ = values_;
  for (size_t i = 0; values_.empty() && i < size_t(info.channels) * 256; ++i) {
    table_.push_back(float(i % 256) * float(1.0 / 255.0));
  }
  across_.clear();
  down_.clear();
  const float across = SigmaOf(info.width, place_.resized_width);
  const float down = SigmaOf(info.height, place_.resized_height);
  if (plan_.resize.blur && across > 0.0f && down > 0.0f) {
    across_ = GaussianTaps(across);
    down_ = GaussianTaps(down);
  }
  mirrored_.assign(down_.size(), {});
  for (KeptRow& row : sources_) row.y = -1;
  return Rect{0, 0, info.width, info.height};
}

void DirectResizer::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  for (int i = 0; i < count; ++i) {
    std::memcpy(picture_.row(y + i), rows + size_t(i) * stride_bytes, picture_.stride_bytes());
  }
}

void DirectResizer::ValueRow(int y, size_t mirrored, std::vector<float>& row) const {
  const auto channels = size_t(picture_.channels);
  const uint8_t* samples = picture_.row(y);
  row.resize((size_t(picture_.width) + 2 * mirrored) * channels);
  size_t at = 0;
  for (int x = -int(mirrored); x < picture_.width + int(mirrored); ++x) {
    const uint8_t* pixel = samples + size_t(Mirrored(x, picture_.width)) * channels;
    for (size_t c = 0; c < channels; ++c) row[at++] = table_[c * 256 + pixel[c]];
  }
}

const float* DirectResizer::MirroredRow(int y) {
  y = Mirrored(y, picture_.height);
  KeptRow& kept = mirrored_[size_t(y) % mirrored_.size()];
  if (kept.y != y) ValueRow(y, across_.size() / 2, kept.values);
  kept.y = y;
  return kept.values.data();
}

void DirectResizer::BlurRow(int y, std::vector<float>& out) {
  const auto channels = size_t(picture_.channels);
  out.assign(size_t(picture_.width) * channels, 0.0f);
  for (size_t i = 0; i < down_.size(); ++i) {
    const float* row = MirroredRow(y + int(i) - int(down_.size() / 2));
    for (size_t j = 0; j < across_.size(); ++j) {
      kernels::AddProducts(row + j * channels, down_[i] * across_[j], out.size(), out.data());
    }
  }
}

const float* DirectResizer::SourceRow(int y) {
  KeptRow& kept = sources_[y % 2];
  if (kept.y == y) return kept.values.data();
  kept.y = y;
  if (down_.empty()) {
    ValueRow(y, 0, kept.values);
  } else {
    BlurRow(y, kept.values);
  }
  return kept.values.data();
}

void DirectResizer::Gather(const float* row, const std::vector<int>& columns,
                           std::vector<float>& out) const {
  const auto channels = size_t(picture_.channels);
  out.resize(columns.size() * channels);
  float* to = out.data();
  for (const int column : columns) {
    for (size_t c = 0; c < channels; ++c) *to++ = row[size_t(column) * channels + c];
  }
}

Result<void> DirectResizer::Finish() {
  const Rect& window = place_.window;
  const auto channels = size_t(picture_.channels);
  const bool is_small = place_.resized_width + place_.resized_height <= kSmallSides;
  const Axis x = MakeAxis(picture_.width, place_.resized_width, window.x, window.width, is_small);
  const Axis y =
      MakeAxis(picture_.height, place_.resized_height, window.y, window.height, is_small);
  const auto blend = is_small ? kernels::BlendNeighbours : kernels::BlendPairs;
  std::vector<float> left, right;
  for (const float weight : x.weight) {
    left.insert(left.end(), channels, 1.0f - weight);
    right.insert(right.end(), channels, weight);
  }
  std::vector<float> upper_left, upper_right, lower_left, lower_right, made(left.size());
  for (int row = 0; row < window.height; ++row) {
    const float* upper = SourceRow(y.first[size_t(row)]);
    Gather(upper, x.first, upper_left);
    Gather(upper, x.second, upper_right);
    const float* lower = SourceRow(y.second[size_t(row)]);
    Gather(lower, x.first, lower_left);
    Gather(lower, x.second, lower_right);
    const float below = y.weight[size_t(row)];
    blend({upper_left.data(), upper_right.data(), lower_left.data(), lower_right.data(),
           left.data(), right.data(), 1.0f - below, below},
          made.size(), made.data());
    out_.PlacedRow(row, reinterpret_cast<const uint8_t*>(made.data()));
  }
  return {};
}

}  // namespace imnorm
