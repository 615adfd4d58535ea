// Processors that cut tiles: what turns them on, and the keys that they know.
#include "plan/foreign/hf_tiles.h"

#include <catch2/catch.hpp>

namespace imnorm {
namespace {

std::string Config(const std::string& stem, const std::string& fields) {
  return R"({"image_processor_type": ")" + stem + "ImageProcessor\"" +
         (fields.empty() ? "" : ", ") + fields + "}";
}

Plan PlanOf(const std::string& stem, const std::string& fields = "") {
  const auto plan = PlanFromForeignConfig(Config(stem, fields));
  if (!plan) FAIL(stem + ": " + plan.error().message);
  CHECK(PlanToJson(*PlanFromJson(PlanToJson(*plan))) == PlanToJson(*plan));
  return *plan;
}

std::string Refusal(const std::string& stem, const std::string& fields) {
  const auto plan = PlanFromForeignConfig(Config(stem, fields));
  return plan ? "" : plan.error().message;
}

}  // namespace

TEST_CASE("every class of tiles has its class's own defaults", "[foreign]") {
  const std::string on = R"("crop_to_patches": true)";
  struct Expected {
    const char* stem;
    std::string fields;
    TileRule rule;
    int side, most;
    Overview overview;
    PatchNumbers numbers;
  };
  const Expected all[] = {
      {"GotOcr2", on, TileRule::kRatio, 384, 12, Overview::kLast, PatchNumbers::kCount},
      {"Ovis2", on, TileRule::kCovering, 384, 12, Overview::kBefore, PatchNumbers::kGridSides},
      {"Cohere2Vision", "", TileRule::kScale, 512, 12, Overview::kLast, PatchNumbers::kCount},
      {"GraniteDocling", "", TileRule::kRatio, 512, 32, Overview::kLast, PatchNumbers::kRowsCols},
      {"PerceptionLM", "", TileRule::kContaining, 448, 36, Overview::kFirst, PatchNumbers::kCount},
  };
  for (const Expected& expected : all) {
    CAPTURE(expected.stem);
    const Plan plan = PlanOf(expected.stem, expected.fields);
    const ResizePlan& resize = plan.geometry.resize;
    CHECK(resize.kind == ResizeKind::kTileGrid);
    CHECK(resize.tiles == expected.rule);
    CHECK(resize.width == expected.side);
    CHECK(resize.height == expected.side);
    CHECK(resize.min_tiles == 1);
    CHECK(resize.max_tiles == expected.most);
    CHECK(resize.filter == Filter::kBicubic);
    CHECK(resize.max_side_tiles == (expected.most == 32 ? 16 : 0));
    const PatchPlan patches = {.size = expected.side,
                               .flat = false,
                               .overview = expected.overview,
                               .numbers = expected.numbers};
    CHECK(plan.patches == patches);
    CHECK(ValidatePlan(plan));
  }
}

TEST_CASE("tiles that are off leave one picture of the size", "[foreign]") {
  for (const char* stem : {"GotOcr2", "Ovis2", "Cohere2Vision"}) {
    CAPTURE(stem);
    const Plan plan = PlanOf(stem, R"("crop_to_patches": false)");
    CHECK(plan.geometry.resize.kind == ResizeKind::kExact);
    CHECK(plan.patches.size == 0);
  }
  CHECK(PlanOf("GotOcr2").patches.size == 0);
  const Plan vanilla = PlanOf("PerceptionLM", R"("vision_input_type": "vanilla")");
  CHECK(vanilla.geometry.resize.max_tiles == 1);
  CHECK(vanilla.patches.overview == Overview::kNone);
}

TEST_CASE("numbers of tiles are read where their class reads them", "[foreign]") {
  const auto resize = [](const std::string& stem, const std::string& fields) {
    return PlanOf(stem, R"("crop_to_patches": true, )" + fields).geometry.resize;
  };
  const std::string numbers = R"("min_patches": 2, "max_patches": 6)";
  CHECK(resize("GotOcr2", numbers).min_tiles == 2);
  CHECK(resize("GotOcr2", numbers).max_tiles == 6);
  CHECK(resize("Cohere2Vision", numbers).min_tiles == 1);  // it passes min_patches over
  CHECK(resize("Ovis2", numbers).min_tiles == 1);
  const auto by_ratio = resize("Ovis2", R"("use_covering_area_grid": false, )" + numbers);
  CHECK(by_ratio.tiles == TileRule::kRatio);
  CHECK(by_ratio.min_tiles == 2);
  const auto perception =
      PlanOf("PerceptionLM", R"("size": 100, "tile_size": 336, "max_num_tiles": 4)");
  CHECK(perception.geometry.resize.width == 336);  // not the size
  CHECK(perception.geometry.resize.max_tiles == 4);
  CHECK(PlanOf("GotOcr2", R"("do_center_crop": true, "crop_size": 9)").geometry.crop.width == 0);
}

TEST_CASE("tiles that cannot be are refused by name", "[foreign]") {
  const std::string on = R"("crop_to_patches": true, )";
  const auto says = [](const std::string& message, const std::string& word) {
    return message.find(word) != std::string::npos;
  };
  CHECK(says(Refusal("GotOcr2", on + R"("size": {"height": 100, "width": 90})"), "squares"));
  CHECK(says(Refusal("GotOcr2", on + R"("do_resize": false)"), "do_resize"));
  CHECK(says(Refusal("GotOcr2", on + R"("min_patches": 5, "max_patches": 2)"), "min_patches"));
  CHECK(says(Refusal("GraniteDocling", R"("fine_route": true)"), "fine_route"));
  CHECK(says(Refusal("GraniteDocling", R"("dense_max_patches": 3)"), "dense_max_patches"));
  CHECK(Refusal("GraniteDocling", R"("dense_max_patches": 0, "fine_route": false)").empty());
}

TEST_CASE("an overview is of the whole picture, in plain planes", "[foreign]") {
  Plan plan = PlanOf("Cohere2Vision");
  plan.geometry.crop.width = plan.geometry.crop.height = 512;
  CHECK(!ValidatePlan(plan));
  plan = PlanOf("Cohere2Vision");
  plan.patches.frames = 2;
  CHECK(!ValidatePlan(plan));
  plan = PlanOf("Cohere2Vision");
  plan.geometry.resize.max_tiles = 0;
  CHECK(!ValidatePlan(plan));
  plan = PlanOf("Cohere2Vision");
  plan.geometry.resize.width = 500;  // no longer a patch's
  CHECK(!ValidatePlan(plan));
}

}  // namespace imnorm
