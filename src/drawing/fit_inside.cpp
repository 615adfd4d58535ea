// Scales pictures that are looked at: down by areas, up by whole factors.
#include "drawing/fit_inside.h"

#include <algorithm>
#include <vector>

namespace imnorm {
namespace {

Image Enlarged(const Image& picture, int factor) {
  Image large;
  large.Reshape(picture.width * factor, picture.height * factor, picture.channels,
                ElementType::kU8);
  for (int y = 0; y < large.height; ++y) {
    const uint8_t* in = picture.row(y / factor);
    uint8_t* out = large.row(y);
    for (int x = 0; x < large.width; ++x) {
      for (int c = 0; c < picture.channels; ++c) *out++ = in[x / factor * picture.channels + c];
    }
  }
  return large;
}

// The sources of output `at` and how much each counts: areas that overlap.
struct Span {
  int first = 0;
  std::vector<double> share;
};
Span SpanOf(int at, int in_size, int out_size) {
  const double scale = double(in_size) / out_size;
  const double begin = at * scale;
  const double end = begin + scale;
  Span span{int(begin), {}};
  for (int i = span.first; i < in_size && i < end; ++i) {
    span.share.push_back(std::min(end, i + 1.0) - std::max(begin, double(i)));
  }
  return span;
}

Image Reduced(const Image& picture, int width, int height) {
  Image small;
  small.Reshape(width, height, picture.channels, ElementType::kU8);
  std::vector<Span> columns;
  for (int x = 0; x < width; ++x) columns.push_back(SpanOf(x, picture.width, width));
  for (int y = 0; y < height; ++y) {
    const Span rows = SpanOf(y, picture.height, height);
    uint8_t* out = small.row(y);
    for (const Span& column : columns) {
      for (int c = 0; c < picture.channels; ++c) {
        double sum = 0.0;
        double area = 0.0;
        for (size_t i = 0; i < rows.share.size(); ++i) {
          const uint8_t* in = picture.row(rows.first + int(i));
          for (size_t j = 0; j < column.share.size(); ++j) {
            const double share = rows.share[i] * column.share[j];
            sum += share * in[(column.first + int(j)) * picture.channels + c];
            area += share;
          }
        }
        *out++ = uint8_t(sum / area + 0.5);
      }
    }
  }
  return small;
}

}  // namespace

Image FitInside(const Image& picture, int side) {
  const int longest = std::max(picture.width, picture.height);
  if (longest <= side) {
    return longest * 2 <= side ? Enlarged(picture, side / longest) : picture;
  }
  const double scale = double(side) / longest;
  return Reduced(picture, std::max(1, int(picture.width * scale + 0.5)),
                 std::max(1, int(picture.height * scale + 0.5)));
}

}  // namespace imnorm
