// Options of geometry -> how a picture becomes a window of pixels.
#include "cli/groups/geometry.h"

#include <catch2/catch.hpp>

#include "unit/cli/parsed.h"

namespace imnorm::cli {
namespace {

Result<Plan> Geometry(Words words) {
  const auto add = [](Options& o, GeometryArguments& a) { AddGeometry(o, a, Fits::kAll); };
  return ResolveGeometry(ParseGroup<GeometryArguments>(add, std::move(words)).arguments);
}

}  // namespace

TEST_CASE("an engine sets its rules first, single options come over it", "[cli]") {
  const auto plan = Geometry({"--filter", "bicubic", "--like", "opencv", "--resize", "8x6"});
  REQUIRE(plan);
  CHECK(plan->geometry.resize.engine == ResizeEngine::kOpencv);
  CHECK(plan->geometry.resize.filter == Filter::kBicubic);
  CHECK(plan->geometry.resize.width == 8);
  CHECK(Geometry({"--preset", "imagenet", "--crop", "none"})->geometry.crop.width == 0);
}

TEST_CASE("a letterbox is cv2's on grey, unless an engine is named", "[cli]") {
  const auto plan = Geometry({"--resize", "letterbox:64"});
  REQUIRE(plan);
  CHECK(plan->geometry.resize.engine == ResizeEngine::kOpencv);
  CHECK(plan->geometry.fill[0] == 114);
  CHECK(Geometry({"--resize", "letterbox:64", "--like", "hf"})->geometry.resize.engine ==
        ResizeEngine::kPillow);
  CHECK(Geometry({"--resize", "letterbox:64", "--fill", "black"})->geometry.fill[2] == 0);
}

TEST_CASE("pixels are as the options say", "[cli]") {
  CHECK(Geometry({"--channels", "grey"})->channels == ChannelOrder::kGray);
  CHECK(Geometry({"--channels", "native"})->depth == 16);
  CHECK(Geometry({"--channels", "native", "--depth", "8"})->depth == 8);
  const auto plan = Geometry({"--alpha", "#010203"});
  REQUIRE(plan);
  CHECK(plan->alpha == AlphaPolicy::kComposite);
  CHECK(plan->background[2] == 3);
  CHECK(Geometry({"--alpha", "mask"})->alpha == AlphaPolicy::kMask);
  CHECK(Geometry({"--alpha", "drop"})->alpha == AlphaPolicy::kDrop);
}

TEST_CASE("geometry options that say nothing are refused by name", "[cli]") {
  CHECK_THAT(Complaint(Geometry({"--preset", "clip", "--config", "p.json"})),
             Catch::Contains("--preset and --config"));
  for (const Words& words :
       {Words{"--alpha", "pink"}, Words{"--depth", "12"}, Words{"--max-pixels", "0"},
        Words{"--like", "tf"}, Words{"--exif", "yes"}, Words{"--crop", "a"}, Words{"--resize", "0"},
        Words{"--fill", "red"}, Words{"--channels", "rgba"}, Words{"--filter", "soft"}}) {
    CAPTURE(words[0], words[1]);
    CHECK_THAT(Complaint(Geometry(words)), Catch::Contains(words[0]));
  }
}

}  // namespace imnorm::cli
