// A plan and the statistics of a run, or of a file -> the plan that normalises by them.
#include <algorithm>
#include <array>
#include <vector>

#include "imnorm/run.h"

namespace imnorm {

Plan WithStatistics(Plan plan, const StatsValues& values) {
  const bool usual = values.scale == 255.0 || values.scale == 65535.0;
  plan.method = Method::kGiven;
  if (values.percentiles.empty()) {
    plan.values.mean = values.mean;
    plan.values.std = values.std;
  } else {
    plan.values.low = values.percentiles.front();
    plan.values.high = values.percentiles.back();
  }
  plan.values.rescale = true;
  // An arithmetic that knows no scale, and a config's own factor, belong to the values that go.
  if (plan.values.arithmetic == Arithmetic::kRaw) {
    plan.values.arithmetic = Arithmetic::kTorchvision;
  }
  if (!usual || plan.values.scale != 255.0) plan.values.rescale_factor = 0.0;
  plan.values.scale = usual ? 255.0 : values.scale;
  // The inverse's own says what comes back.
  if (!usual && !plan.denormalize && !plan.values.float_scale) {
    plan.values.float_scale = values.scale;
  }
  const bool reversed = (values.channel_order == "bgr" && plan.channels == ChannelOrder::kRgb) ||
                        (values.channel_order == "rgb" && plan.channels == ChannelOrder::kBgr);
  if (reversed) {
    ValuePlan& v = plan.values;
    const auto lists =
        values.percentiles.empty() ? std::array{&v.mean, &v.std} : std::array{&v.low, &v.high};
    for (std::vector<double>* list : lists) std::reverse(list->begin(), list->end());
  }
  return plan;
}

}  // namespace imnorm
