// Which class stands for which resize engine.
#include "geometry/placed_source.h"

#include "geometry/direct_resizer.h"
#include "geometry/float_resizer.h"
#include "geometry/opencv_resizer.h"
#include "geometry/reduced_resizer.h"
#include "geometry/resizer.h"
#include "geometry/stepped_source.h"

namespace imnorm {

std::unique_ptr<PlacedSource> MakePlacedSource(const GeometryPlan& plan, PlacedRows& out) {
  if (HasSteps(plan)) return std::make_unique<SteppedSource>(plan, out);
  switch (plan.resize.engine) {
    case ResizeEngine::kOpencv:
      return std::make_unique<OpencvResizer>(plan, out);
    case ResizeEngine::kTorchFloat:
    case ResizeEngine::kTorchScaled:
      return std::make_unique<FloatResizer>(plan, out);
    case ResizeEngine::kTorchDirect:
      return std::make_unique<DirectResizer>(plan, out);
    case ResizeEngine::kPillow:
      if (plan.resize.reducing_gap > 0) return std::make_unique<ReducedResizer>(plan, out);
      break;
    case ResizeEngine::kTorch:
      break;
  }
  return std::make_unique<Resizer>(plan, out);
}

}  // namespace imnorm
