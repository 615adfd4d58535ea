// Plots as SVG that stands in a page: colours come from the page's style.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace imnorm {

// Text that is safe between tags and in attributes.
std::string HtmlText(std::string_view text);

// A curve over equally wide bins.
struct PlotCurve {
  std::string style;            // a class of the page's style: "red"
  std::string name;             // in the legend
  std::vector<double> heights;  // a density: the area under all of it is 1
  bool filled = true;
};

struct PlotAxes {
  std::string title;  // what the plot shows, for those who do not see it
  double left = 0.0;  // where the bins begin and end
  double right = 1.0;
  std::string label;  // below the axis
};

// Curves over one axis, with a legend.
std::string DensityPlot(const PlotAxes& axes, const std::vector<PlotCurve>& curves);

// A point a picture; equal sizes are one point, the larger the more there are.
std::string SizePlot(const std::string& title, const std::vector<std::array<int32_t, 2>>& sizes);

// Tick marks at round numbers, about `count` of them.
std::vector<double> RoundTicks(double from, double to, int count);

}  // namespace imnorm
