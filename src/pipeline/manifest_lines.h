// A manifest that is told while its tensor goes down a pipe.
#pragma once

#include <memory>

#include "io/descriptor.h"
#include "pipeline/labels.h"
#include "pipeline/manifest_parts.h"
#include "pipeline/row_witness.h"

namespace imnorm {

// A line of JSON for the run, one for each input before its row is written, one for the end.
//
// Rules:    a line is written whole, and not held back: who reads the rows may read of them first.
//           The first row's line has the shape of all of them
class ManifestLines : public RowWitness {
 public:
  // Of a run over `range` of `list`; all outlive it.
  struct Run {
    const InputList& list;
    ShardRange range;
    const Plan& plan;
    const OutputOptions& output;
    const RunOptions& conduct;
    const Labels& labels;
  };

  // Takes the descriptor that the output names, and writes the first line.
  //
  // Errors:   kBadArgument: it is not open; kIo
  static Result<std::unique_ptr<ManifestLines>> Open(const Run& run);

  void AddBad(size_t item, const ItemOutcome& outcome) override;
  Result<void> AddGood(size_t item, const MadeRow& row, const RowBlock& rows) override;

  // The last line, of a tensor that is sealed.
  //
  // Errors:   kIo, also of a line before
  Result<void> End(const TensorSink& tensor, const RunReport& report);

 private:
  ManifestLines(const Run& run, Descriptor file) : run_(run), file_(std::move(file)) {}

  const Input& input(size_t item) const { return run_.list.inputs[run_.range.begin + item]; }
  Result<void> Write(const std::string& text);

  const Run run_;
  Descriptor file_;
  Result<void> written_;
};

}  // namespace imnorm
