// Chooses how a plan's values are made: by a formula that passed the test, else by lookups.
#include "kernels/value_map.h"

#include <cassert>
#include <cstring>

#include "kernels/kernels.h"

namespace imnorm::kernels {
namespace {

constexpr size_t kLevels = 256;

double ValueOr(const std::vector<double>& values, size_t channel, double otherwise) {
  if (values.empty()) return otherwise;
  return values.size() == 1 ? values[0] : values[channel];
}

void SetReciprocal(double exact, float* nearest, float* rest) {
  *nearest = float(exact);
  *rest = float(exact - double(*nearest));
}

// The constants with which the formula stands a chance; the test has the last word.
ValueFormula FormulaOf(const ValuePlan& plan, size_t channel) {
  const double mean = ValueOr(plan.mean, channel, 0.0);
  const double std = ValueOr(plan.std, channel, 1.0);
  const double factor = plan.rescale_factor != 0.0 ? plan.rescale_factor : 1.0 / plan.scale;
  const bool rescale = plan.rescale && plan.arithmetic != Arithmetic::kRaw;
  ValueFormula f;
  f.mean = float(mean);
  f.std = float(std);
  SetReciprocal(1.0 / double(f.std), &f.r, &f.r_lo);
  if (!rescale) return f;
  switch (plan.arithmetic) {
    case Arithmetic::kTorchvision:
      f.scale = float(plan.scale);
      SetReciprocal(1.0 / double(f.scale), &f.k, &f.k_lo);
      break;
    case Arithmetic::kReciprocal:
      f.k = float(1.0 / plan.scale);
      f.scale = float(plan.scale);
      break;
    case Arithmetic::kHuggingFace:
      f.scale = float(1.0 / factor);
      SetReciprocal(factor, &f.k, &f.k_lo);
      break;
    case Arithmetic::kFused:
      if (plan.mean.empty() && plan.std.empty()) {
        f.k = float(factor);
        f.scale = float(1.0 / factor);
        break;
      }
      f.mean *= float(1.0 / factor);
      f.std *= float(1.0 / factor);
      SetReciprocal(1.0 / double(f.std), &f.r, &f.r_lo);
      break;
    case Arithmetic::kOpencv:
      f.mean = float(mean * plan.scale);
      f.r = float(1.0 / plan.scale / std);
      f.r_lo = 0;
      f.std = float(plan.scale * std);
      break;
    case Arithmetic::kAlbumentations:
      f.mean *= float(plan.scale);
      f.std *= float(plan.scale);
      f.r = 1.0f / f.std;
      f.r_lo = 0;
      break;
    case Arithmetic::kRaw:
    case Arithmetic::kBfloat16:
      break;
  }
  return f;
}

// Runs the kernel over every sample value of every channel and compares with the table.
bool GivesTheTable(const ValueMap& map) {
  const ValueTable& table = *map.table;
  const size_t channels = size_t(table.channels);
  const size_t bytes = ElementBytes(table.dtype);
  std::vector<uint8_t> in(kLevels * channels);
  for (size_t x = 0; x < kLevels; ++x) std::memset(&in[x * channels], int(x), channels);
  std::vector<uint8_t> out(kLevels * channels * bytes);
  std::vector<uint8_t*> planes(channels);
  for (size_t c = 0; c < channels; ++c) planes[c] = out.data() + c * kLevels * bytes;
  ValueMap planar = map;
  planar.layout = Layout::kNchw;
  MapRow(planar, in.data(), kLevels, planes.data());
  return std::memcmp(out.data(), table.elements.data(), out.size()) == 0;
}

// A table split into its elements' first bytes, second bytes..., as 256-byte lookups want it.
std::vector<uint8_t> BytePlanes(const ValueTable& table) {
  const size_t bytes = ElementBytes(table.dtype);
  std::vector<uint8_t> planes(table.elements.size());
  for (size_t c = 0; c < size_t(table.channels); ++c) {
    const uint8_t* from = static_cast<const uint8_t*>(table.channel(int(c)));
    uint8_t* to = planes.data() + c * kLevels * bytes;
    for (size_t x = 0; x < kLevels; ++x) {
      for (size_t b = 0; b < bytes; ++b) to[b * kLevels + x] = from[x * bytes + b];
    }
  }
  return planes;
}

}  // namespace

const char* ValueMap::strategy() const {
  switch (method) {
    case MapMethod::kTwin:
      return "plain";
    case MapMethod::kBytes:
      return "bytes";
    case MapMethod::kMultiplyAdd:
      return "multiply-add";
    case MapMethod::kDivide:
      return "division";
    case MapMethod::kTable:
      return byte_planes.empty() ? "table" : "table in registers";
  }
  return "";
}

ValueMap MakeValueMap(const ValuePlan& plan, const ValueTable& table, const int* order,
                      Layout layout) {
  assert(table.levels == int(kLevels) && table.dtype == plan.dtype);
  ValueMap map;
  map.table = &table;
  map.order.assign(order, order + table.channels);
  map.layout = layout;
  map.target = ActiveTarget();
  if (map.target == kFallback) return map;
  for (size_t c = 0; c < size_t(table.channels); ++c) map.formulas.push_back(FormulaOf(plan, c));

  const bool registers = map.target == kAvx3Dl;
  if (registers) map.byte_planes = BytePlanes(table);
  // The order is that of speed. On AVX3_DL a table of 1 or 2 bytes an element is as cheap as the
  // formula before its conversion, and no table is dearer than two divisions.
  const bool is_float32 = table.dtype == ElementType::kF32;
  const bool is_byte = ElementBytes(table.dtype) == 1;
  if (is_byte) {
    map.method = MapMethod::kBytes;
    if (GivesTheTable(map)) return map;
  } else if (!registers || is_float32) {
    map.method = MapMethod::kMultiplyAdd;
    if (GivesTheTable(map)) return map;
    map.method = MapMethod::kDivide;
    if (!registers && GivesTheTable(map)) return map;
  }
  map.method = MapMethod::kTable;
  return map;
}

}  // namespace imnorm::kernels
