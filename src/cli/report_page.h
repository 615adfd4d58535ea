// A data set as one page of HTML.
#pragma once

#include <optional>
#include <string>

#include "imnorm/dataset_look.h"
#include "imnorm/plan.h"
#include "imnorm/statistics.h"

namespace imnorm::cli {

struct ReportPage {
  std::string title;
  const Totals& totals;
  const DatasetLook* look = nullptr;  // none: there are statistics alone
  std::optional<Plan> preset;         // normalisation by its mean and std is shown, too
  std::optional<double> gamma, beta;  // and an affine map behind it
};

// The page, which needs nothing from outside of itself: no script, no network, light and dark.
//
// Rules:    the same totals and pictures give the same bytes
std::string ReportHtml(const ReportPage& page);

}  // namespace imnorm::cli
