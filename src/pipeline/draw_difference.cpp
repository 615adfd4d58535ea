// Three panels: A, B, and what differs, brightened until its largest value is white.
#include <algorithm>
#include <cmath>

#include "imnorm/compare.h"
#include "pipeline/compare_stages.h"

namespace imnorm {
namespace {

constexpr int kGap = 8;
constexpr int kWishedSide = 320;  // small rows are enlarged to about that
constexpr int kFrame = 6;         // from the worst place to its frame
constexpr uint8_t kGround[3] = {40, 40, 40};
constexpr uint8_t kFrameColour[3] = {255, 60, 200};

// Values as levels of 0..255.
class Levels {
 public:
  Levels(const ComparedSide& a, const ComparedSide& b, const std::vector<double>& va,
         const std::vector<double>& vb, size_t channels) {
    const ComparedSide& side = a.plan ? a : b;
    if (side.plan && side.plan->method == Method::kNone) {
      scale_.assign(channels, 1.0);
      offset_.assign(channels, 0.0);
    } else if (side.plan) {
      const ValuePlan& values = side.plan->values;
      const double unit = values.rescale ? 255.0 : 1.0;
      for (size_t c = 0; c < channels; ++c) {
        scale_.push_back(At(values.std, c, 1.0) * unit);
        offset_.push_back(At(values.mean, c, 0.0) * unit);
      }
    } else {
      double low = INFINITY;
      double high = -INFINITY;
      for (const auto* list : {&va, &vb}) {
        for (const double value : *list) {
          if (!std::isfinite(value)) continue;
          low = std::min(low, value);
          high = std::max(high, value);
        }
      }
      const double range = high > low ? high - low : 1.0;
      scale_.assign(channels, 255.0 / range);
      offset_.assign(channels, -low * 255.0 / range);
    }
  }

  double Of(double value, size_t c) const { return value * scale_[c] + offset_[c]; }
  double Difference(double a, double b, size_t c) const { return std::fabs(a - b) * scale_[c]; }

 private:
  static double At(const std::vector<double>& list, size_t c, double otherwise) {
    return list.empty() ? otherwise : list[list.size() == 1 ? 0 : std::min(c, list.size() - 1)];
  }

  std::vector<double> scale_, offset_;
};

uint8_t Byte(double level) {
  if (std::isnan(level)) return 0;
  return uint8_t(std::lround(std::clamp(level, 0.0, 255.0)));
}

struct Row {
  size_t channels = 1, height = 1, width = 1;
  bool bgr = false;

  size_t At(size_t c, size_t y, size_t x) const { return (c * height + y) * width + x; }
  // The channel that is shown as red, green or blue: of one or two, and of more than four, the
  // first.
  size_t Shown(size_t colour) const {
    if (channels != 3 && channels != 4) return 0;
    return bgr ? 2 - colour : colour;
  }
};

class Canvas {
 public:
  Canvas(const Row& row, int enlarged) : row_(row), enlarged_(enlarged) {
    image_.Reshape(3 * PanelWidth() + 4 * kGap, int(row.height) * enlarged + 2 * kGap, 3,
                   ElementType::kU8);
    for (size_t i = 0; i < image_.pixels.size(); ++i) image_.pixels[i] = kGround[i % 3];
  }

  // Fills panel `number` with level(colour, y, x).
  template <typename Level>
  void Panel(int number, Level level) {
    for (int y = 0; y < int(row_.height) * enlarged_; ++y) {
      uint8_t* out = image_.row(y + kGap) + 3 * Left(number);
      for (int x = 0; x < PanelWidth(); ++x) {
        for (size_t colour = 0; colour < 3; ++colour) {
          *out++ = Byte(level(colour, size_t(y / enlarged_), size_t(x / enlarged_)));
        }
      }
    }
  }

  // Frames a value in all panels.
  void Frame(int64_t y, int64_t x) {
    for (int panel = 0; panel < 3; ++panel) {
      const int left = Left(panel) + int(x) * enlarged_ - kFrame;
      const int right = Left(panel) + int(x + 1) * enlarged_ - 1 + kFrame;
      const int top = kGap + int(y) * enlarged_ - kFrame;
      const int bottom = kGap + int(y + 1) * enlarged_ - 1 + kFrame;
      for (int at = left; at <= right; ++at) {
        Dot(at, top);
        Dot(at, bottom);
      }
      for (int at = top; at <= bottom; ++at) {
        Dot(left, at);
        Dot(right, at);
      }
    }
  }

  Image Take() { return std::move(image_); }

 private:
  int PanelWidth() const { return int(row_.width) * enlarged_; }
  int Left(int panel) const { return kGap + panel * (PanelWidth() + kGap); }
  void Dot(int x, int y) {
    if (x < 0 || y < 0 || x >= image_.width || y >= image_.height) return;
    std::copy_n(kFrameColour, 3, image_.row(y) + 3 * x);
  }

  const Row& row_;
  const int enlarged_;
  Image image_;
};

}  // namespace

Result<DifferencePicture> DrawDifference(const ComparedSide& a, const ComparedSide& b,
                                         const InputList& pictures, const Comparison& comparison,
                                         const RunOptions& options) {
  const auto& place = comparison.worst;
  if (!place) return Fail(ErrorCode::kUnsupported, "no values differ: there is nothing to draw");
  if (place->index.size() != 3) {
    return Fail(ErrorCode::kUnsupported, "the rows are no pictures of channels, height and width");
  }
  const auto rows_a = RowsOfSide::Open(a, options);
  if (!rows_a) return Failed(rows_a);
  const auto rows_b = RowsOfSide::Open(b, options);
  if (!rows_b) return Failed(rows_b);
  const auto row_a = RowReader(*rows_a, pictures).Read(place->row, place->input);
  if (!row_a) return Failed(row_a);
  const auto row_b = RowReader(*rows_b, pictures).Read(place->row, place->input);
  if (!row_b) return Failed(row_b);
  std::vector<double> va, vb;
  ValuesInOrder(*row_a, &va);
  ValuesInOrder(*row_b, &vb);
  const std::vector<int64_t> shape = OrderedShape(*row_a);
  if (va.size() != vb.size()) return Fail(ErrorCode::kIo, "a file was changed meanwhile");
  Row row{size_t(shape[0]), size_t(shape[1]), size_t(shape[2])};
  const ComparedSide& told = a.plan ? a : b;
  row.bgr = told.plan && told.plan->channels == ChannelOrder::kBgr;
  const Levels levels(a, b, va, vb, row.channels);

  double largest = 0.0;
  for (size_t i = 0; i < va.size(); ++i) {
    const double level = levels.Difference(va[i], vb[i], i / (row.height * row.width));
    if (std::isfinite(level)) largest = std::max(largest, level);
  }
  DifferencePicture drawn;
  drawn.magnified = largest > 0.0 ? 255.0 / largest : 1.0;
  const size_t side = std::max(row.height, row.width);
  drawn.enlarged = int(std::max<size_t>(1, kWishedSide / side));
  Canvas canvas(row, drawn.enlarged);
  const auto at = [&](size_t colour, size_t y, size_t x) {
    return row.At(row.Shown(colour), y, x);
  };
  canvas.Panel(0, [&](size_t colour, size_t y, size_t x) {
    return levels.Of(va[at(colour, y, x)], row.Shown(colour));
  });
  canvas.Panel(1, [&](size_t colour, size_t y, size_t x) {
    return levels.Of(vb[at(colour, y, x)], row.Shown(colour));
  });
  canvas.Panel(2, [&](size_t colour, size_t y, size_t x) {
    const size_t i = at(colour, y, x);
    return levels.Difference(va[i], vb[i], row.Shown(colour)) * drawn.magnified;
  });
  canvas.Frame(place->index[1], place->index[2]);
  drawn.image = canvas.Take();
  return drawn;
}

}  // namespace imnorm
