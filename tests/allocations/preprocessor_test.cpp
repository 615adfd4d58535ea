// One picture in memory after another: once all were seen, nothing of ours is allocated.
#include "imnorm/preprocessor.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "allocations/count.h"
#include "support/folder.h"

namespace imnorm {
namespace {

std::vector<std::string> ReadSamples(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    files.push_back(ReadBytes(IMNORM_SOURCE_DIR "/sample_images/" + name));
    REQUIRE_FALSE(files.back().empty());
  }
  return files;
}

uint64_t AllocatedLater(const Plan& plan, const std::vector<std::string>& files) {
  auto preprocessor = Preprocessor::Create(plan);
  REQUIRE(preprocessor);
  std::vector<std::byte> row(preprocessor->shape()->bytes);
  uint64_t warm = 0;
  bool good = true;
  for (int round = 0; round < 4; ++round) {
    if (round == 2) warm = CountAllocations().ours;
    for (const std::string& file : files) {
      const auto* bytes = reinterpret_cast<const uint8_t*>(file.data());
      good = good && preprocessor->Run({bytes, file.size()}, row).has_value();
    }
  }
  const uint64_t allocated = CountAllocations().ours - warm;
  CHECK(good);
  return allocated;
}

TEST_CASE("a preprocessor allocates nothing once it has seen its pictures", "[allocations]") {
  const std::vector<std::string> files =
      ReadSamples({"coast/cliffs.jpg", "garden/orchard.jpg", "coast/pier_grey.jpg",
                   "city/avenue_rotated.jpg", "coast/moonlight.png", "garden/marbles_16bit.png",
                   "coast/regatta.webp", "city/tower_block.bmp"});
  for (const char* preset : {"imagenet", "clip", "siglip"}) {
    CAPTURE(preset);
    CHECK(AllocatedLater(PresetPlan(preset).value(), files) == 0);
  }
}

}  // namespace
}  // namespace imnorm
