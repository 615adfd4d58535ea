// Collects pictures as rows of bytes or values.
#include "pipeline/collect_pictures.h"

#include "parallel/ordered_run.h"
#include "pipeline/needed_modules.h"
#include "pipeline/normalize_stages.h"

namespace imnorm {

Result<RunReport> CollectPictures(const InputList& list, ShardRange range, const Plan& plan,
                                  const RunOptions& options, const Labels& labels,
                                  RowWriter& rows) {
  auto tables = MakePlanTables(plan);
  if (!tables) return Failed(tables);
  DecodeOptions decode = DecodeOptionsOf(plan);
  decode.jpeg = options.jpeg;
  decode.png = options.png;
  decode.stop = options.stop;
  if (auto loaded = LoadModulesOf(list, range, decode); !loaded) return Failed(loaded);
  RunLog log(list, range, options);
  NormalizeStages stages(plan, **tables, decode, labels, log, rows);
  RunOrdered(stages, log.count(),
             {.threads = options.threads > 0 ? options.threads : UsableCpus(),
              .ordered_writes = !rows.any_order()});
  auto report = log.Finish();
  if (!report || report->done == 0) return report;
  report->rows = stages.rows();
  report->values = stages.met();
  report->shape = stages.row_shape();
  report->shape.insert(report->shape.begin(), int64_t(report->rows));
  return report;
}

}  // namespace imnorm
