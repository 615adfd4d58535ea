// --stats: the mean and std of a file, or of a pass before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imnorm/job.h"
#include "imnorm/statistics.h"

namespace imnorm::cli {

// Where mean and std come from, as the options say it.
struct StatisticsWish {
  std::string source;                 // "auto", or a file
  std::optional<double> scale;        // --scale, which has to be that of the statistics
  std::vector<double> percents = {};  // the two whose range is stretched, in place of mean and std
};

// The plan with the statistics of a file.
//
// Errors:   kNotFound, kBadConfig; kBadArgument: --scale is another
Result<Plan> ReadStatistics(const StatisticsWish& wish, Plan plan, PlanInput input);

// The plan with the statistics of a pass over the job's inputs. Without one good input it is the
// plan as it was, since the run to come says so; where none comes, `required`, it is an error.
// `left_out`: the inputs that failed.
//
// Errors:   those of a measuring run; kBadArgument: a part of the inputs only
Result<Plan> MeasureStatistics(const StatisticsWish& wish, const Job& job, const Source& source,
                               bool required, std::vector<Failure>& left_out);

}  // namespace imnorm::cli
