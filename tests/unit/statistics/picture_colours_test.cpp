// Colours of pictures whose numbers are known.
#include "statistics/picture_colours.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

TEST_CASE("a grey picture has no colourfulness, red beside green much", "[statistics]") {
  const PictureColours gray = ColoursOf({10, 10, 10, 200, 200, 200});
  CHECK(gray.colourfulness == Approx(0.0).margin(1e-9));
  CHECK(gray.mean[1] == Approx(105.0));
  CHECK(gray.std[1] == Approx(95.0));
  CHECK(gray.brightness == Approx(105.0 / 255));
  // Opponents: red - green 255 and -255, yellow - blue 127.5 twice.
  const PictureColours garish = ColoursOf({255, 0, 0, 0, 255, 0});
  CHECK(garish.colourfulness == Approx(255.0 + 0.3 * 127.5));
}

TEST_CASE("the one that differs is farthest, and equal ones are at no distance", "[statistics]") {
  std::vector<PictureColours> pictures(10, ColoursOf({100, 90, 80, 110, 95, 85}));
  for (const double distance : DistancesFromAll(pictures)) CHECK(distance == 0.0);
  pictures[3] = ColoursOf({250, 250, 250, 0, 0, 0});
  const std::vector<double> distances = DistancesFromAll(pictures);
  CHECK(distances[3] == Approx(3.0));  // one of ten lies three standard deviations off
  CHECK(distances[0] == Approx(1.0 / 3));
}

}  // namespace
}  // namespace imnorm
