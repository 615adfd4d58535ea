// Pillow's rule for the order of the two passes.
#include "geometry/pass_order.h"

namespace imnorm {

bool VerticalFirst(const ResizePlan& plan, int width, int height, int new_width, int new_height) {
  if (plan.engine != ResizeEngine::kPillow || plan.filter == Filter::kNearest) return false;
  if (plan.pillow < 12) return false;
  if (plan.pillow == 12) return height > int64_t(width) * 100 && new_height < height;
  const int64_t rows_less = int64_t(height) - new_height;
  const int64_t columns_less = int64_t(width) - new_width;
  return rows_less > 0 && rows_less > 2 * columns_less;
}

}  // namespace imnorm
