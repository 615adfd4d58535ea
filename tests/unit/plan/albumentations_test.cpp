// --like albumentations against the library's own values and sizes.
#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>

#include "imnorm/plan.h"
#include "imnorm/words.h"
#include "unit/geometry/golden_picture.h"

namespace imnorm {
namespace {

nlohmann::json Golden() {
  std::ifstream file(IMNORM_SOURCE_DIR "/tests/golden/albumentations_golden.json");
  return nlohmann::json::parse(file);
}

}  // namespace

TEST_CASE("albumentations normalises by a reciprocal of the scaled std", "[plan]") {
  const auto tables = Golden()["tables"];
  REQUIRE(tables.size() == 4);
  for (const auto& fields : tables) {
    Plan plan;
    ApplyEngine(Engine::kAlbumentations, plan);
    plan.values.mean = fields["mean"].get<std::vector<double>>();
    plan.values.std = fields["std"].get<std::vector<double>>();
    const auto table = MakeValueTable(plan.values, 3, 256);
    REQUIRE(table);
    CHECK(testing::Fnv(table->elements) == fields["fnv"].get<std::string>());
  }
}

TEST_CASE("albumentations rounds sides half to even", "[plan]") {
  const auto cases = Golden()["cases"];
  REQUIRE(cases.size() == 88);
  for (const auto& fields : cases) {
    CAPTURE(fields.dump());
    Plan plan;
    ApplyEngine(Engine::kAlbumentations, plan);
    plan.geometry.resize.kind = *ParseWord<ResizeKind>("kind", fields[0].get<std::string>());
    plan.geometry.resize.size = fields[1];
    const auto place = Place(plan.geometry, fields[2], fields[3]);
    REQUIRE(place);
    CHECK(place->resized_width == fields[4]);
    CHECK(place->resized_height == fields[5]);
  }
}

TEST_CASE("albumentations is OpenCV's resize with a crop corner that is cut off", "[plan]") {
  Plan plan;
  ApplyEngine(Engine::kAlbumentations, plan);
  CHECK(plan.geometry.resize.engine == ResizeEngine::kOpencv);
  CHECK(plan.geometry.crop.rounding == CropRounding::kTruncate);
  CHECK(DecodeOptionsOf(plan).apply_exif);  // its pictures come from cv2.imread
  // Its rounding of sides goes with it; another library's stays.
  ApplyEngine(Engine::kTorchvision, plan);
  CHECK(plan.geometry.resize.rounding == SideRounding::kTruncate);
  plan.geometry.resize.rounding = SideRounding::kHalfUp;
  ApplyEngine(Engine::kHf, plan);
  CHECK(plan.geometry.resize.rounding == SideRounding::kHalfUp);
}

}  // namespace imnorm
