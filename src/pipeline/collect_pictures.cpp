#include "pipeline/collect_pictures.h"

#include "parallel/ordered_run.h"
#include "pipeline/normalize_stages.h"

namespace imnorm {

Result<RunReport> CollectPictures(const InputList& list, ShardRange range, const Plan& plan,
                                  const RunOptions& options, TensorSink& sink) {
  auto tables = MakePlanTables(plan);
  if (!tables) return tl::unexpected<Error>(tables.error());
  DecodeOptions decode = DecodeOptionsOf(plan);
  decode.jpeg = options.jpeg;
  decode.stop = options.stop;
  RunLog log(list, range, options);
  NormalizeStages stages(plan, **tables, decode, log, sink);
  RunOrdered(stages, log.count(), options.threads > 0 ? options.threads : UsableCpus());
  auto report = log.Finish();
  if (!report || report->done == 0) return report;
  report->rows = stages.rows();
  report->values = stages.met();
  report->shape = sink.row_shape();
  report->shape.insert(report->shape.begin(), int64_t(report->rows));
  return report;
}

}  // namespace imnorm
