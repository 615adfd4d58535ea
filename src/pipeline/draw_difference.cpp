// Three panels: A, B, and what differs, brightened until its largest value is white.
#include <algorithm>
#include <cmath>

#include "drawing/canvas.h"
#include "imnorm/compare.h"
#include "pipeline/compare_stages.h"
#include "pipeline/levels.h"

namespace imnorm {
namespace {

constexpr int kGap = 8;
constexpr int kWishedSide = 320;  // small rows are enlarged to about that
constexpr int kFrame = 6;         // from the worst place to its frame
constexpr Colour kGround = {40, 40, 40};
constexpr Colour kFrameColour = {255, 60, 200};

struct Row {
  size_t channels = 1, height = 1, width = 1;

  size_t At(size_t c, size_t y, size_t x) const { return (c * height + y) * width + x; }
};

// Three panels beside each other.
class Panels {
 public:
  Panels(const Row& row, int enlarged)
      : row_(row),
        enlarged_(enlarged),
        canvas_(3 * Width() + 4 * kGap, int(row.height) * enlarged + 2 * kGap, kGround) {}

  // Fills panel `number` with level(colour, y, x).
  template <typename Level>
  void Fill(int number, Level level) {
    for (int y = 0; y < int(row_.height) * enlarged_; ++y) {
      for (int x = 0; x < Width(); ++x) {
        const auto at_y = size_t(y / enlarged_);
        const auto at_x = size_t(x / enlarged_);
        canvas_.Set(Left(number) + x, kGap + y,
                    {LevelByte(level(0, at_y, at_x)), LevelByte(level(1, at_y, at_x)),
                     LevelByte(level(2, at_y, at_x))});
      }
    }
  }

  // Frames a value in all panels.
  void Frame(int64_t y, int64_t x) {
    for (int panel = 0; panel < 3; ++panel) {
      const int margin = kFrame - 1;
      canvas_.Frame({Left(panel) + int(x) * enlarged_ - margin, kGap + int(y) * enlarged_ - margin,
                     enlarged_ + 2 * margin, enlarged_ + 2 * margin},
                    kFrameColour);
    }
  }

  Image Take() { return canvas_.Take(); }

 private:
  int Width() const { return int(row_.width) * enlarged_; }
  int Left(int panel) const { return kGap + panel * (Width() + kGap); }

  const Row& row_;
  const int enlarged_;
  Canvas canvas_;
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
  const std::optional<Plan>& told = a.plan ? a.plan : b.plan;
  const Levels levels(told, row.channels, {&va, &vb});
  const auto shown = [&](size_t colour) { return ShownChannel(told, row.channels, colour); };

  double largest = 0.0;
  for (size_t i = 0; i < va.size(); ++i) {
    const double level = levels.Difference(va[i], vb[i], i / (row.height * row.width));
    if (std::isfinite(level)) largest = std::max(largest, level);
  }
  DifferencePicture drawn;
  drawn.magnified = largest > 0.0 ? 255.0 / largest : 1.0;
  const size_t side = std::max(row.height, row.width);
  drawn.enlarged = int(std::max<size_t>(1, kWishedSide / side));
  Panels panels(row, drawn.enlarged);
  const auto at = [&](size_t colour, size_t y, size_t x) { return row.At(shown(colour), y, x); };
  panels.Fill(0, [&](size_t colour, size_t y, size_t x) {
    return levels.Of(va[at(colour, y, x)], shown(colour));
  });
  panels.Fill(1, [&](size_t colour, size_t y, size_t x) {
    return levels.Of(vb[at(colour, y, x)], shown(colour));
  });
  panels.Fill(2, [&](size_t colour, size_t y, size_t x) {
    const size_t i = at(colour, y, x);
    return levels.Difference(va[i], vb[i], shown(colour)) * drawn.magnified;
  });
  panels.Frame(place->index[1], place->index[2]);
  drawn.image = panels.Take();
  return drawn;
}

}  // namespace imnorm
