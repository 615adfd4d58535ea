// Lays out axes, curves and points.
#include "drawing/svg_plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>
#include <tuple>

namespace imnorm {
namespace {

constexpr double kWidth = 640, kHeight = 260;
constexpr double kLeft = 48, kRight = 12, kTop = 30, kBottom = 40;
constexpr double kLegend = 16;  // its line of text

std::string Number(double value) {
  return fmt::format("{:.6g}", std::abs(value) < 1e-9 ? 0.0 : value);
}

class Svg {
 public:
  Svg(const std::string& title, double width, double height) {
    text_ =
        fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><title>{}</title>\n",
                    width, height, HtmlText(title), HtmlText(title));
  }

  void Line(double x1, double y1, double x2, double y2, std::string_view style) {
    Append("<line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" class=\"{}\"/>\n", x1, y1,
           x2, y2, style);
  }
  void Text(double x, double y, std::string_view anchor, std::string_view text) {
    Append("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
           HtmlText(text));
  }
  template <typename... T>
  void Append(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(text_), format, std::forward<T>(values)...);
  }
  std::string Take() { return text_ + "</svg>\n"; }

 private:
  std::string text_;
};

// An axis from `from` to `to` over `begin` to `end` of the picture.
struct Axis {
  double from, to, begin, end;
  double At(double value) const { return begin + (value - from) / (to - from) * (end - begin); }
};

void DrawAxes(Svg& svg, const Axis& x, const Axis& y, const std::string& x_label,
              const std::string& y_label, double height) {
  for (const double tick : RoundTicks(x.from, x.to, 8)) {
    svg.Line(x.At(tick), y.begin, x.At(tick), y.begin + 4, "axis");
    svg.Text(x.At(tick), y.begin + 16, "middle", Number(tick));
  }
  for (const double tick : RoundTicks(y.from, y.to, 4)) {
    svg.Line(x.begin, y.At(tick), x.end, y.At(tick), "grid");
    svg.Text(x.begin - 6, y.At(tick) + 4, "end", Number(tick));
  }
  svg.Line(x.begin, y.begin, x.end, y.begin, "axis");
  svg.Text((x.begin + x.end) / 2, height - 6, "middle", x_label);
  if (!y_label.empty()) svg.Text(x.begin, y.end - 4, "start", y_label);
}

// Above the plot, from its right end.
void DrawLegend(Svg& svg, const std::vector<PlotCurve>& curves, double right) {
  constexpr double kLetter = 6.6;  // about, of the page's font
  for (auto curve = curves.rbegin(); curve != curves.rend(); ++curve) {
    svg.Text(right, kLegend, "end", curve->name);
    right -= kLetter * double(curve->name.size()) + 8;
    svg.Line(right - 18, kLegend - 4, right, kLegend - 4, "curve " + curve->style);
    right -= 34;
  }
}

}  // namespace

std::string HtmlText(std::string_view text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&':
        safe += "&amp;";
        break;
      case '<':
        safe += "&lt;";
        break;
      case '>':
        safe += "&gt;";
        break;
      case '"':
        safe += "&quot;";
        break;
      case '\'':
        safe += "&#39;";
        break;
      default:
        safe += c;
    }
  }
  return safe;
}

std::vector<double> RoundTicks(double from, double to, int count) {
  const double wished = (to - from) / count;
  const double power = std::pow(10.0, std::floor(std::log10(wished)));
  double step = power;
  for (const double factor : {1.0, 2.0, 5.0, 10.0}) {
    step = factor * power;
    if (step >= wished * 0.999) break;
  }
  std::vector<double> ticks;
  for (double tick = std::ceil(from / step - 1e-9) * step; tick <= to + step * 1e-9; tick += step) {
    ticks.push_back(tick);
  }
  return ticks;
}

std::string DensityPlot(const PlotAxes& axes, const std::vector<PlotCurve>& curves) {
  double highest = 0.0;
  for (const PlotCurve& curve : curves) {
    // A spike at an end (black, white) would flatten all else: the plot is as high as the rest.
    std::vector<double> sorted = curve.heights;
    std::sort(sorted.begin(), sorted.end());
    if (sorted.empty()) continue;
    highest = std::max(highest, std::min(sorted.back(), 1.6 * sorted[sorted.size() * 98 / 100]));
  }
  if (!(highest > 0.0)) highest = 1.0;
  Svg svg(axes.title, kWidth, kHeight);
  const Axis x = {axes.left, axes.right, kLeft, kWidth - kRight};
  const Axis y = {0.0, highest * 1.05, kHeight - kBottom, kTop};
  DrawAxes(svg, x, y, axes.label, "", kHeight);
  for (const PlotCurve& curve : curves) {
    const double width = (axes.right - axes.left) / double(curve.heights.size());
    std::string points = fmt::format("M{:.1f} {:.1f}", x.begin, y.begin);
    if (!curve.filled) points.clear();
    for (size_t i = 0; i < curve.heights.size(); ++i) {
      const double at = axes.left + (double(i) + 0.5) * width;
      const double height = std::min(curve.heights[i], highest * 1.05);
      fmt::format_to(std::back_inserter(points), "{}{:.1f} {:.1f}", points.empty() ? "M" : "L",
                     x.At(at), y.At(height));
    }
    if (curve.filled) {
      fmt::format_to(std::back_inserter(points), "L{:.1f} {:.1f}Z", x.end, y.begin);
    }
    svg.Append("<path d=\"{}\" class=\"curve {}{}\"/>\n", points, curve.style,
               curve.filled ? " filled" : "");
  }
  DrawLegend(svg, curves, kWidth - kRight);
  return svg.Take();
}

std::string SizePlot(const std::string& title, const std::vector<std::array<int32_t, 2>>& sizes) {
  std::map<std::array<int32_t, 2>, uint64_t> counts;
  int32_t widest = 1, highest = 1;
  for (const auto& size : sizes) {
    ++counts[size];
    widest = std::max(widest, size[0]);
    highest = std::max(highest, size[1]);
  }
  constexpr double kTall = 360;
  Svg svg(title, kWidth, kTall);
  const Axis x = {0.0, widest * 1.05, kLeft, kWidth - kRight};
  const Axis y = {0.0, highest * 1.05, kTall - kBottom, kTop};
  DrawAxes(svg, x, y, "width, pixels", "height, pixels", kTall);
  // Where pictures of one shape lie, whatever their size.
  for (const auto& [name, across, down] :
       {std::tuple("1:1", 1.0, 1.0), std::tuple("4:3", 4.0, 3.0), std::tuple("3:4", 3.0, 4.0),
        std::tuple("16:9", 16.0, 9.0)}) {
    const double most = std::min(x.to / across, y.to / down);
    svg.Line(x.At(0), y.At(0), x.At(most * across), y.At(most * down), "grid");
    svg.Text(x.At(most * across * 0.97), y.At(most * down * 0.97) + 4, "end", name);
  }
  for (const auto& [size, count] : counts) {
    const double radius = 2.5 + 6.0 * std::sqrt(double(count) / double(sizes.size()));
    svg.Append(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" class=\"point\"><title>{} x {}: {} "
        "picture{}</title></circle>\n",
        x.At(size[0]), y.At(size[1]), radius, size[0], size[1], count, count == 1 ? "" : "s");
  }
  return svg.Take();
}

}  // namespace imnorm
