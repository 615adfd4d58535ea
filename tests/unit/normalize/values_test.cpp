#include "imnorm/values.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "imnorm/words.h"

namespace imnorm {
namespace {

std::string Fnv1a(const std::vector<uint8_t>& bytes) {
  uint64_t hash = 0xcbf29ce484222325u;
  for (const uint8_t byte : bytes) hash = (hash ^ byte) * 0x100000001b3u;
  return fmt::format("{:016x}", hash);
}

ValuePlan PlanOfCase(const nlohmann::json& fields) {
  ValuePlan plan;
  plan.mean = fields["mean"].get<std::vector<double>>();
  plan.std = fields["std"].get<std::vector<double>>();
  plan.scale = fields["scale"];
  plan.rescale = fields["rescale"];
  plan.rescale_factor = fields["rescale_factor"];
  plan.arithmetic =
      ParseWord<Arithmetic>("arithmetic", fields["arithmetic"].get<std::string>()).value();
  plan.dtype = ParseWord<ElementType>("dtype", fields["dtype"].get<std::string>()).value();
  plan.quantize = fields.contains("qscale");
  if (plan.quantize) {
    plan.qscale = fields["qscale"];
    plan.qzero = fields["qzero"];
  }
  return plan;
}

float ElementF32(const ValueTable& table, int channel, int sample) {
  float value = 0;
  std::memcpy(&value, static_cast<const uint8_t*>(table.channel(channel)) + 4 * sample, 4);
  return value;
}

}  // namespace

TEST_CASE("value tables equal those of torch, numpy and OpenCV to the last bit", "[values]") {
  std::ifstream file(IMNORM_SOURCE_DIR "/tests/golden/value_tables.json");
  const nlohmann::json cases = nlohmann::json::parse(file);
  REQUIRE(cases.size() >= 40);
  for (const auto& fields : cases) {
    INFO(fields.dump());
    const auto table = MakeValueTable(PlanOfCase(fields), 3, fields["levels"]);
    REQUIRE(table);
    CHECK(Fnv1a(table->elements) == fields["fnv1a"].get<std::string>());
  }
}

TEST_CASE("without mean, std or scaling a byte table is the identity", "[values]") {
  ValuePlan plan;
  plan.rescale = false;
  plan.dtype = ElementType::kU8;
  const ValueTable table = MakeValueTable(plan, 3, 256).value();
  for (int c = 0; c < 3; ++c) {
    const auto* bytes = static_cast<const uint8_t*>(table.channel(c));
    for (int x = 0; x < 256; ++x) REQUIRE(int(bytes[x]) == x);
  }
}

TEST_CASE("quantised values round half to even and saturate", "[values]") {
  ValuePlan plan;
  plan.rescale = false;
  plan.dtype = ElementType::kI8;
  plan.quantize = true;
  plan.qscale = 2.0;
  plan.qzero = -100;
  const ValueTable table = MakeValueTable(plan, 1, 256).value();
  const auto* elements = static_cast<const int8_t*>(table.channel(0));
  CHECK(int(elements[1]) == -100);  // 0.5 -> 0
  CHECK(int(elements[3]) == -98);   // 1.5 -> 2
  CHECK(int(elements[5]) == -98);   // 2.5 -> 2
  plan.qzero = 100;
  CHECK(int(static_cast<const int8_t*>(MakeValueTable(plan, 1, 256)->channel(0))[255]) == 127);
}

TEST_CASE("one mean and std serve every channel", "[values]") {
  ValuePlan plan;
  plan.mean = {0.5};
  plan.std = {0.25};
  const ValueTable table = MakeValueTable(plan, 3, 256).value();
  CHECK(ElementF32(table, 0, 255) == 2.0f);
  CHECK(ElementF32(table, 2, 0) == -2.0f);
}

TEST_CASE("values that cannot be computed are refused with their reason", "[values]") {
  const auto refusal = [](const ValuePlan& plan, int channels) {
    const auto table = MakeValueTable(plan, channels, 256);
    return table ? std::string() : table.error().message;
  };
  ValuePlan plan;
  CHECK(refusal(plan, 3).empty());
  plan.std = {1, 0, 1};
  CHECK(refusal(plan, 3).find("std 0") != std::string::npos);
  plan.std = {1, 1e-60, 1};  // 0 as a float32
  CHECK(refusal(plan, 3).find("std 1e-60") != std::string::npos);
  plan.std = {1, std::numeric_limits<double>::quiet_NaN(), 1};
  CHECK(!refusal(plan, 3).empty());
  plan.std = {};
  plan.mean = {std::numeric_limits<double>::infinity()};
  CHECK(!refusal(plan, 3).empty());
  plan.mean = {0.1, 0.2};
  CHECK(refusal(plan, 3).find("mean has 2 values for 3 channels") != std::string::npos);
  plan.mean = {};
  plan.scale = 0;
  CHECK(!refusal(plan, 3).empty());
  CHECK(!MakeValueTable(ValuePlan{}, 3, 1000));
}

TEST_CASE("every float16 survives the way to float32 and back", "[values]") {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const float value = FloatFromFloat16Bits(uint16_t(bits));
    if (std::isnan(value)) {
      REQUIRE(std::isnan(FloatFromFloat16Bits(Float16Bits(value))));
    } else {
      REQUIRE(Float16Bits(value) == bits);
    }
  }
}

TEST_CASE("every bfloat16 survives the way to float32 and back", "[values]") {
  for (uint32_t bits = 0; bits < 65536; ++bits) {
    const float value = FloatFromBFloat16Bits(uint16_t(bits));
    if (!std::isnan(value)) REQUIRE(BFloat16Bits(value) == bits);
  }
}

TEST_CASE("16-bit floats round to nearest, ties to even, over to infinity", "[values]") {
  // Halfway between neighbours a and b of equal sign, the even one wins; a hair beyond, b does.
  for (uint32_t bits = 0; bits < 0x7bff; ++bits) {
    const float low = FloatFromFloat16Bits(uint16_t(bits));
    const float high = FloatFromFloat16Bits(uint16_t(bits + 1));
    const float middle = (low + high) / 2;  // exact in float32
    REQUIRE(Float16Bits(middle) == (bits % 2 == 0 ? bits : bits + 1));
    REQUIRE(Float16Bits(std::nextafter(middle, high)) == bits + 1);
    REQUIRE(Float16Bits(std::nextafter(middle, low)) == bits);
    REQUIRE(Float16Bits(-middle) == (0x8000u | (bits % 2 == 0 ? bits : bits + 1)));
  }
  CHECK(Float16Bits(65519.99f) == 0x7bff);
  CHECK(Float16Bits(65520.0f) == 0x7c00);
  CHECK(BFloat16Bits(1.00390625f) == 0x3f80);
  CHECK(BFloat16Bits(1.01171875f) == 0x3f82);
  CHECK(BFloat16Bits(std::numeric_limits<float>::max()) == 0x7f80);
  CHECK(std::isnan(FloatFromBFloat16Bits(BFloat16Bits(std::nanf("")))));
}

// The elements of one channel.
std::vector<float> Floats(const ValuePlan& plan) {
  const auto table = MakeValueTable(plan, 1, 256);
  REQUIRE(table);
  std::vector<float> values(256);
  std::memcpy(values.data(), table->elements.data(), table->elements.size());
  return values;
}

TEST_CASE("Llama 4's values are rounded to bfloat16 at every step", "[values]") {
  ValuePlan plan;
  plan.arithmetic = Arithmetic::kBfloat16;
  plan.mean = {0.5};
  plan.std = {0.5};
  const std::vector<float> values = Floats(plan);
  CHECK(values[0] == -1.0f);
  CHECK(values[255] == 1.0f);
  CHECK(values[1] == -0.9921875f);  // 0.003922 - 0.5 has seven bits
  CHECK(values[100] == -0.21484375f);
  for (const float value : values) CHECK(FloatFromBFloat16Bits(BFloat16Bits(value)) == value);
}

TEST_CASE("EfficientNet takes 1 off and divides twice", "[values]") {
  ValuePlan plan;
  plan.arithmetic = Arithmetic::kFused;
  plan.mean = {0.25};
  plan.std = {0.5};
  plan.rescale_factor = 1.0 / 127.5;
  plan.scale = 127.5;
  plan.offset = true;
  CHECK(Floats(plan)[255] == (float(255.0f * float(1.0 / 127.5)) - 1.0f - 0.25f) / 0.5f);
  const float once = Floats(plan)[77];
  plan.std_twice = true;
  CHECK(Floats(plan)[77] == once / 0.5f);
  plan.mean.clear();
  plan.std.clear();
  plan.std_twice = false;
  CHECK(Floats(plan)[0] == -1.0f);
}

TEST_CASE("OpenCV 4.8 to 4.10 multiply in double", "[values]") {
  ValuePlan plan;
  plan.arithmetic = Arithmetic::kOpencv;
  plan.mean = {0.485};
  plan.std = {0.226};
  const std::vector<float> single = Floats(plan);
  plan.opencv = OpencvRelease::k410;
  const std::vector<float> both = Floats(plan);
  int others = 0;
  for (size_t x = 0; x < 256; ++x) {
    const float centred = float(x) - float(0.485 * 255.0);
    CHECK(both[x] == float(double(centred) * (1.0 / 255.0 / 0.226)));
    others += both[x] != single[x];
  }
  CHECK(others > 20);
}

}  // namespace imnorm
