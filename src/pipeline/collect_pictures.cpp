// The run from pictures to rows, whatever becomes of these.
#include "pipeline/collect_pictures.h"

#include "pipeline/needed_modules.h"
#include "pipeline/normalize_stages.h"
#include "pipeline/picture_input.h"
#include "pipeline/picture_rows.h"
#include "pipeline/resumed_rows.h"

namespace imnorm {

Result<RunReport> CollectPictures(const InputList& list, ShardRange range, const Plan& plan,
                                  const RunOptions& options, const Labels& labels, RowWriter& rows,
                                  RowWitness* witness, const RunJournal* journal) {
  auto loaded = LoadModulesOf(list, range, DecodeOptionsOf(plan, options));
  if (!loaded) return Failed(loaded);
  RunLog log(list, range, options, {}, &labels);
  const auto source = PictureRows::Create(log, plan, options);
  if (!source) return Failed(source);
  if (journal == nullptr) return RunRows(log, *source, options, rows, nullptr, witness);
  return RunRows(log, ResumedRows(*source, *journal), options, rows, nullptr, witness);
}

}  // namespace imnorm
