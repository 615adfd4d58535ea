// Student's t, for intervals from standard errors.
#include "statistics/interval.h"

namespace imnorm {

double StudentT975(uint64_t degrees) {
  // 12.706 for 1 degree of freedom; the expansion below is still 1.4 off there and 8e-6 at 10.
  constexpr double kFew[] = {12.706204736, 4.302652730, 3.182446305, 2.776445105, 2.570581836,
                             2.446911851,  2.364624252, 2.306004135, 2.262157163};
  if (degrees < 10) return kFew[degrees - 1];
  const double x = 1.0 / double(degrees);
  constexpr double kNormal = 1.959963984540054;
  return kNormal + x * (2.372271230298562 + x * (2.8224986157396112 +
                                                 x * (2.555849679507722 + x * 1.5895340533938225)));
}

std::optional<std::pair<double, double>> Interval95(MaybeNumber estimate, MaybeNumber error,
                                                    uint64_t images) {
  if (!estimate || !error || images < 2) return std::nullopt;
  const double reach = StudentT975(images - 1) * *error;
  return std::pair(*estimate - reach, *estimate + reach);
}

}  // namespace imnorm
