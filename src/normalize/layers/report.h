// The mean and variance that were used, as a JSON file.
#pragma once

#include <cstdint>
#include <string>

#include "imnorm/layers.h"
#include "io/durable_file.h"
#include "json/json_rows.h"
#include "json/json_text.h"

namespace imnorm {

// Writes the report entry by entry, so that memory does not grow with the input.
//
// Rules:    schema imnorm.norm-report/1; a batch entry has "batch", "first" and "samples",
//           any other "sample"; mean and variance (biased) hold one number a channel (batch,
//           instance), group, or one for the sample (layer), on the scale of the values, in 17
//           significant digits. The file appears under its name only when it is complete.
class NormReport {
 public:
  // Without a path nothing is written, and nothing fails.
  static Result<NormReport> Open(const LayerJob& job, double scale);

  Result<void> AddBatch(int64_t batch, int64_t first, int64_t samples, const Moments* moments,
                        int64_t n);
  Result<void> AddSample(int64_t sample, const Moments* moments, int64_t n);

  // Ends the report and brings it to the disk, to be published; a closed file where there is none.
  //
  // Errors:   kIo
  Result<DurableFile> Seal();

 private:
  Result<void> AddEntry(JsonRow entry, const Moments* moments, int64_t n);
  Result<void> Write(const std::string& text);

  DurableFile file_;
  uint64_t bytes_ = 0;
  double scale_ = 1.0;
  JsonRows rows_;
};

}  // namespace imnorm
