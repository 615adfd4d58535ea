// Scales are looked at before places: a shift moves values, and no scale explains it.
#include "statistics/diagnose.h"

namespace imnorm {

Grain GrainOf(ElementType type) {
  switch (type) {
    case ElementType::kF32:
      return {0.0, 0x1p-23};
    case ElementType::kF64:
      return {0.0, 0x1p-52};
    case ElementType::kF16:
      return {0x1p-24, 0x1p-10};
    case ElementType::kBF16:
      return {0.0, 0x1p-7};
    default:
      return {1.0, 0.0};
  }
}

std::optional<Diagnosis> DiagnoseValues(const std::vector<RowPair>& rows,
                                        const std::vector<Constants>& known, const Grain& a,
                                        const Grain& b) {
  if (rows.empty()) return std::nullopt;
  if (auto scales = DiagnoseScales(rows, known, a, b)) return scales;
  return DiagnosePlaces(rows);
}

}  // namespace imnorm
