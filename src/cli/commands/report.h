// imnorm report: a data set as one page.
#pragma once

#include "cli/command.h"

namespace imnorm::cli {

extern const Command kReport;

}  // namespace imnorm::cli
