// Plots are well-formed, and their curves are where the numbers are.
#include "drawing/svg_plot.h"

#include <catch2/catch.hpp>
#include <cmath>

namespace imnorm {
namespace {

TEST_CASE("ticks are round numbers within the range", "[drawing]") {
  CHECK(RoundTicks(0, 255, 8) == std::vector<double>{0, 50, 100, 150, 200, 250});
  const auto small = RoundTicks(-0.0012, 0.0031, 5);
  CHECK(small.size() == 5);
  CHECK(small.front() == Approx(-0.001));
  for (const double tick : RoundTicks(-3.2, 3.2, 8)) CHECK(std::abs(tick) <= 3.2);
}

TEST_CASE("text is safe in a page", "[drawing]") {
  CHECK(HtmlText("<a href=\"x\">&'") == "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
}

TEST_CASE("a density has a path a curve, and names all of them", "[drawing]") {
  const std::string svg = DensityPlot({"T<", 0, 4, "x"}, {{"red", "red", {0.1, 0.4, 0.3, 0.2}},
                                                          {"normal", "N", {1, 0, 0, 0}, false}});
  CHECK(svg.find("aria-label=\"T&lt;\"") != std::string::npos);
  CHECK(svg.find("class=\"curve red filled\"") != std::string::npos);
  CHECK(svg.find("class=\"curve normal\"") != std::string::npos);
  CHECK(svg.find(">red</text>") != std::string::npos);
  CHECK(svg.find("nan") == std::string::npos);
  const std::string empty = DensityPlot({"T", 0, 1, "x"}, {{"red", "red", {0, 0}}});
  CHECK(empty.find("nan") == std::string::npos);
}

TEST_CASE("equal sizes are one point that says how many", "[drawing]") {
  const std::string svg = SizePlot("S", {{500, 375}, {500, 375}, {100, 90}});
  CHECK(svg.find("500 x 375: 2 pictures") != std::string::npos);
  CHECK(svg.find("100 x 90: 1 picture<") != std::string::npos);
}

}  // namespace
}  // namespace imnorm
