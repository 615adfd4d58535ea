#include <catch2/catch.hpp>

#include "kernels/kernels.h"
#include "kernels/value_map.h"
#include "support/kernel_cases.h"

namespace imnorm {
namespace {

using kernels::MakeValueMap;
using kernels::MapMethod;
using kernels::ValueMap;
using testing::ForEachTarget;
using testing::Input;
using testing::Output;

ValuePlan ImagenetPlan(ElementType dtype, int channels) {
  ValuePlan plan;
  const double mean[] = {0.485, 0.456, 0.406}, std[] = {0.229, 0.224, 0.225};
  for (int c = 0; c < channels; ++c) {
    plan.mean.push_back(mean[c % 3] + c / 3 * 0.01);
    plan.std.push_back(std[c % 3]);
  }
  plan.dtype = dtype;
  if (ElementBytes(dtype) == 1) {
    plan.quantize = true;
    plan.qscale = 0.02;
    plan.qzero = 3;
  }
  return plan;
}

ValueTable TableOf(const ValuePlan& plan, int channels) {
  auto table = MakeValueTable(plan, channels, 256);
  REQUIRE(table.has_value());
  return std::move(*table);
}

std::vector<int> Order(int channels, bool reversed) {
  std::vector<int> order;
  for (int c = 0; c < channels; ++c) order.push_back(reversed ? channels - 1 - c : c);
  return order;
}

void Check(const std::string& target, const ValueMap& map, size_t pixels, size_t misalign) {
  const size_t channels = size_t(map.table->channels), bytes = ElementBytes(map.table->dtype);
  const Input in(pixels * channels, misalign % 7, pixels + misalign);
  const bool planar = map.layout == Layout::kNchw;
  std::vector<Output> expected, actual;
  for (size_t c = 0; c < (planar ? channels : 1); ++c) {
    const size_t size = pixels * bytes * (planar ? 1 : channels);
    expected.emplace_back(size);
    actual.emplace_back(size, misalign * bytes % 64);
  }
  std::vector<uint8_t*> want, got;
  for (Output& out : expected) want.push_back(out.data());
  for (Output& out : actual) got.push_back(out.data());
  kernels::reference::MapRow(*map.table, in.data(), int(pixels), map.order.data(), map.layout,
                             want.data());
  kernels::MapRow(map, in.data(), pixels, got.data());
  INFO(target << ": dtype " << int(map.table->dtype) << ", channels " << channels << ", pixels "
              << pixels << ", layout " << int(map.layout) << ", " << map.strategy());
  for (size_t p = 0; p < actual.size(); ++p) {
    CHECK(actual[p].GuardsIntact());
    CHECK(actual[p].values() == expected[p].values());
  }
}

constexpr ElementType kTypes[] = {ElementType::kF32, ElementType::kF16, ElementType::kBF16,
                                  ElementType::kU8, ElementType::kI8};

TEST_CASE("rows of every width, order, layout and element type equal the table", "[kernels]") {
  ForEachTarget([&](const std::string& target) {
    for (const ElementType dtype : kTypes) {
      for (const int channels : {1, 2, 3, 4, 5}) {
        const ValuePlan plan = ImagenetPlan(dtype, channels);
        const ValueTable table = TableOf(plan, channels);
        for (const Layout layout : {Layout::kNchw, Layout::kNhwc}) {
          const auto order = Order(channels, layout == Layout::kNhwc || channels == 4);
          const ValueMap map = MakeValueMap(plan, table, order.data(), layout);
          for (size_t pixels = 0; pixels <= 2 * 64 + 3; pixels += channels == 3 ? 1 : 7) {
            Check(target, map, pixels, pixels % 11);
          }
          Check(target, map, 224, 0);
          Check(target, map, 1337, 1);
        }
      }
    }
  });
}

TEST_CASE("all 256 values of every channel are the table's for every arithmetic", "[kernels]") {
  struct Constants {
    std::vector<double> mean, std;
  };
  const Constants kConstants[] = {
      {{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}},
      {{0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}},
      {{0.48145466, 0.4578275, 0.40821073}, {0.26862954, 0.26130258, 0.27577711}},
      {{0.4914, 0.4822, 0.4465}, {0.2470, 0.2435, 0.2616}},
      {{123.675, 116.28, 103.53}, {58.395, 57.12, 57.375}},
      {{}, {}},
      {{1e-30, 3.0, -7.25}, {1e30, 1.0 / 3.0, 1e-7}},
  };
  std::vector<uint8_t> in;
  for (int x = 0; x < 256; ++x) in.insert(in.end(), {uint8_t(x), uint8_t(x), uint8_t(x)});
  const int order[] = {0, 1, 2};
  ForEachTarget([&](const std::string& target) {
    for (const Arithmetic arithmetic :
         {Arithmetic::kTorchvision, Arithmetic::kHuggingFace, Arithmetic::kFused,
          Arithmetic::kOpencv, Arithmetic::kRaw}) {
      for (const Constants& constants : kConstants) {
        for (const ElementType dtype : kTypes) {
          ValuePlan plan;
          plan.mean = constants.mean;
          plan.std = constants.std;
          plan.arithmetic = arithmetic;
          plan.dtype = dtype;
          const ValueTable table = TableOf(plan, 3);
          const ValueMap map = MakeValueMap(plan, table, order, Layout::kNchw);
          std::vector<uint8_t> out(table.elements.size());
          const size_t plane = out.size() / 3;
          uint8_t* planes[] = {&out[0], &out[plane], &out[2 * plane]};
          kernels::MapRow(map, in.data(), 256, planes);
          INFO(target << ": arithmetic " << int(arithmetic) << ", dtype " << int(dtype) << ", "
                      << map.strategy());
          CHECK(out == table.elements);
        }
      }
    }
  });
}

TEST_CASE("a formula is used where multiply-adds are fused, and dropped where it is wrong",
          "[kernels]") {
  const int order[] = {0, 1, 2};
  ForEachTarget([&](const std::string& target) {
    INFO(target);
    const ValuePlan plan = ImagenetPlan(ElementType::kF32, 3);
    const ValueTable table = TableOf(plan, 3);
    const bool fused = target != "SSE4" && target != "SCALAR";
    const MapMethod method = MakeValueMap(plan, table, order, Layout::kNchw).method;
    CHECK((method == MapMethod::kMultiplyAdd) == fused);
    if (target == "SSE4") CHECK(method == MapMethod::kDivide);

    // One wrong bit in one element of one channel: no formula gives it.
    ValueTable odd = table;
    odd.elements[(256 + 77) * 4] ^= 1;
    const ValueMap map = MakeValueMap(plan, odd, order, Layout::kNchw);
    CHECK((map.method == MapMethod::kTable || target == "SCALAR"));
    Check(target, map, 300, 0);
  });
}

TEST_CASE("bytes that keep their values are copied", "[kernels]") {
  ValuePlan plan;
  plan.rescale = false;
  plan.arithmetic = Arithmetic::kRaw;
  plan.dtype = ElementType::kU8;
  const ValueTable table = TableOf(plan, 3);
  const int order[] = {2, 1, 0};
  ForEachTarget([&](const std::string& target) {
    const ValueMap map = MakeValueMap(plan, table, order, Layout::kNhwc);
    INFO(target);
    CHECK((map.method == MapMethod::kBytes || target == "SCALAR"));
    Check(target, map, 133, 0);
  });
}

}  // namespace
}  // namespace imnorm
