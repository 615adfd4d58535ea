// What a statistics run of pictures measures, settled before the first of them is added.
#pragma once

#include <optional>

#include "imnorm/decode.h"
#include "imnorm/inputs.h"
#include "imnorm/run.h"

namespace imnorm {

// Whether a geometry leaves pictures as they are.
bool IsNative(const GeometryPlan& geometry);

// The settings of a run over `list`; `native` is what --channels native found.
StatsSettings SettingsOf(const InputList& list, const Plan& plan, const StatsOptions& stats,
                         const std::optional<ImageInfo>& native);

// Errors:   kBadArgument: filters of native pixels with a geometry
Result<void> CheckFilter(const Plan& plan, const PixelFilter& filter);

// Errors:   kBadArgument: values to ignore that are not one a channel; histograms of floats
Result<void> CheckSettings(const StatsSettings& settings, const PixelFilter& filter);

}  // namespace imnorm
