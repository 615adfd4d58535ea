// Brings a placement back to the picture that it is of.
#include "pipeline/window_cell.h"

#include <algorithm>
#include <cmath>

#include "drawing/canvas.h"
#include "drawing/fit_inside.h"
#include "pipeline/levels.h"

namespace imnorm {
namespace {

constexpr Colour kFrame = {255, 60, 200};

// A rectangle that may begin outside of the picture, in its pixels.
struct Area {
  double left, top, right, bottom;
};

// What the whole output covers, pads included.
Area OutputArea(const Placement& place) {
  const double x = double(place.in_width) / place.resized_width;
  const double y = double(place.in_height) / place.resized_height;
  const double left = (place.window.x - place.pad_left) * x;
  const double top = (place.window.y - place.pad_top) * y;
  return {left, top, left + place.out_width * x, top + place.out_height * y};
}

}  // namespace

Result<WindowMaker> WindowMaker::Create(const Plan& plan, int side, const RunOptions& options) {
  if (plan.geometry.cut_margin) {
    return Blame("cut_margin", "a page's margin is found in its pixels: no window can be shown",
                 ErrorCode::kUnsupported);
  }
  WindowMaker made;
  made.plan_ = plan;
  made.side_ = side;
  Plan whole = plan;
  whole.geometry = {};
  whole.geometry.resize.kind = ResizeKind::kLongEdge;
  whole.geometry.resize.size = side;
  whole.patches = {};
  whole.method = Method::kNone;
  whole.values = {};
  whole.values.dtype = ElementType::kU8;
  whole.values.rescale = false;
  auto rows = RowPlan::Create(whole, options);
  if (!rows) return Failed(rows);
  made.whole_ = std::move(*rows);
  made.maker_ = std::make_unique<RowMaker>(*made.whole_);
  return made;
}

Image WindowMaker::Make(const Input& input, ItemOutcome* outcome) {
  ComparedRow row;
  *outcome = maker_->Make(input, row);
  if (!outcome->decoded) return {};
  const auto place = Place(plan_.geometry, outcome->width, outcome->height);
  const auto picture = ShowRow(row, whole_->plan);
  if (!place || !picture) {
    outcome->decoded = Failed(place ? picture.error() : place.error());
    return {};
  }
  const Area output = OutputArea(*place);
  const Area all = {std::min(0.0, output.left), std::min(0.0, output.top),
                    std::max(double(outcome->width), output.right),
                    std::max(double(outcome->height), output.bottom)};
  const double scale = side_ / std::max(all.right - all.left, all.bottom - all.top);
  const auto at = [&](double value, double begin) {
    return int(std::lround((value - begin) * scale));
  };
  const uint8_t* fill = plan_.geometry.fill;
  Canvas canvas(std::max(1, at(all.right, all.left)), std::max(1, at(all.bottom, all.top)),
                {fill[0], fill[1], fill[2]});
  const int longest =
      std::max(1, int(std::lround(std::max(outcome->width, outcome->height) * scale)));
  canvas.Place(FitInside(*picture, longest), at(0, all.left), at(0, all.top));
  const Rect kept = {at(output.left, all.left), at(output.top, all.top),
                     at(output.right, output.left), at(output.bottom, output.top)};
  canvas.Shade({0, 0, canvas.image().width, canvas.image().height}, kept);
  canvas.Frame({kept.x + 2, kept.y + 2, kept.width - 4, kept.height - 4}, kFrame, 2);
  return canvas.Take();
}

}  // namespace imnorm
