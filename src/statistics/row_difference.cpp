// One pass over two rows.
#include "statistics/row_difference.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "imnorm/values.h"
#include "statistics/element_values.h"

namespace imnorm {
namespace {

// Values of a type numbered in their order: neighbours are one apart, and both zeros are 0.
template <typename Bits>
int64_t Ordered(Bits bits) {
  constexpr Bits kSign = Bits(Bits{1} << (8 * sizeof(Bits) - 1));
  const auto magnitude = int64_t(bits & Bits(~kSign));
  return (bits & kSign) != 0 ? -magnitude : magnitude;
}

// How many representable values two numbers are apart.
class Distance {
 public:
  Distance(const ComparedRow& a, const ComparedRow& b)
      : type_(a.type), same_type_(a.type == b.type) {}

  // Of finite values.
  uint64_t Of(double a, double b) const {
    if (a == b) return 0;
    if (!same_type_ || type_ == ElementType::kF32) return Apart(Float(a), Float(b));
    switch (type_) {
      case ElementType::kF64:
        return Apart(Ordered(std::bit_cast<uint64_t>(a)), Ordered(std::bit_cast<uint64_t>(b)));
      case ElementType::kF16:
        return Apart(Ordered(Float16Bits(float(a))), Ordered(Float16Bits(float(b))));
      case ElementType::kBF16:
        return Apart(Ordered(BFloat16Bits(float(a))), Ordered(BFloat16Bits(float(b))));
      default:
        return uint64_t(std::min(std::fabs(a - b), 0x1p63));
    }
  }

 private:
  static int64_t Float(double value) { return Ordered(std::bit_cast<uint32_t>(float(value))); }
  static uint64_t Apart(int64_t a, int64_t b) {
    return a > b ? uint64_t(a) - uint64_t(b) : uint64_t(b) - uint64_t(a);
  }

  ElementType type_;
  bool same_type_;
};

// 0, 1, 2, then 3..4, 5..8, ...
size_t BinOf(uint64_t ulp) {
  if (ulp < 2) return size_t(ulp);
  return std::min(1 + size_t(std::bit_width(ulp - 1)), kUlpBins - 1);
}

}  // namespace

std::vector<int64_t> OrderedShape(const ComparedRow& row) {
  if (!row.channels_last) return row.shape;
  return {row.shape[2], row.shape[0], row.shape[1]};
}

void ValuesInOrder(const ComparedRow& row, std::vector<double>* values) {
  const size_t count = row.elements.size() / ElementBytes(row.type);
  values->resize(count);
  if (!row.channels_last) {
    ElementsToDouble(row.type, row.elements.data(), count, values->data());
    return;
  }
  std::vector<double> stored(count);
  ElementsToDouble(row.type, row.elements.data(), count, stored.data());
  const auto channels = size_t(row.shape[2]);
  const size_t plane = channels == 0 ? 0 : count / channels;
  for (size_t i = 0; i < plane; ++i) {
    for (size_t c = 0; c < channels; ++c) (*values)[c * plane + i] = stored[i * channels + c];
  }
}

RowDifference CompareRows(const ComparedRow& a, const ComparedRow& b, const Tolerance& tolerance,
                          UlpCounts& ulp, DifferenceScratch& scratch) {
  RowDifference difference;
  ValuesInOrder(a, &scratch.a);
  ValuesInOrder(b, &scratch.b);
  const Distance distance(a, b);
  const std::vector<int64_t> shape = OrderedShape(a);
  const size_t count = scratch.a.size();
  const size_t channels = shape.size() == 3 ? size_t(shape[0]) : 1;
  const size_t plane = channels == 0 ? 0 : count / channels;
  difference.values = count;
  difference.channels.resize(channels);
  for (size_t c = 0, i = 0; c < channels; ++c) {
    ChannelDifference& channel = difference.channels[c];
    for (size_t end = i + plane; i < end; ++i) {
      const double x = scratch.a[i];
      const double y = scratch.b[i];
      bool within = false;
      if (!std::isfinite(x) || !std::isfinite(y)) {
        within = x == y || (std::isnan(x) && std::isnan(y));
        ++ulp[within ? 0 : kUlpBins - 1];
        if (!within) ++difference.not_finite;
      } else {
        const double d = y - x;
        const double size = std::fabs(d);
        const uint64_t apart = distance.Of(x, y);
        within = size <= tolerance.atol + tolerance.rtol * std::fabs(y) || apart <= tolerance.ulp;
        ++ulp[BinOf(apart)];
        difference.max_ulp = std::max(difference.max_ulp, apart);
        ++difference.finite;
        ++channel.values;
        channel.bias += d;
        channel.mean_abs += size;
        channel.max_abs = std::max(channel.max_abs, size);
        difference.a_a += x * x;
        difference.a_b += x * y;
        difference.b_b += y * y;
        if (size > difference.max_abs) {
          difference.max_abs = size;
          difference.worst = PlaceInRow{i, x, y};
        }
      }
      if (within) continue;
      ++difference.different;
      if (!difference.first) difference.first = PlaceInRow{i, x, y};
    }
    difference.sum_abs += channel.mean_abs;
  }
  return difference;
}

}  // namespace imnorm
