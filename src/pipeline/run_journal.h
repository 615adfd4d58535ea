// What became of each input of a run that makes a tensor, on disk as it happens, so that a run that
// was killed need not do it again.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/inputs.h"
#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "imnorm/run.h"
#include "io/durable_file.h"
#include "pipeline/row_source.h"
#include "pipeline/row_witness.h"
#include "sink/tensor_sink.h"

namespace imnorm {

// As a journal has it of rows.
uint64_t HashOf(const std::vector<uint8_t>& bytes);

// What the bytes of a run follow from: two runs of one head make the same output.
nlohmann::ordered_json JournalHead(const InputList& list, ShardRange range, const Plan& plan,
                                   const OutputOptions& output, const RunOptions& conduct);

// Rules:    a line an input, in the order of the list, behind the head's; each begins with its own
//           hash and, of a good input, tells the place and the hash of its rows. So nothing has to
//           reach the disk in any order: a line or a row that did not is found out, and its picture
//           is done again. But lines go before the name of a shard that they speak of
// Threads:  AddGood and AddBad come from one thread at a time; Take from any
class RunJournal : public RowWitness {
 public:
  // Opens OUT.journal.partial. With `resume` the lines of an earlier run count, if there are any.
  // `sink` outlives it.
  //
  // Errors:   those of DurableFile::Create; kBadArgument: to be resumed is a run of another head
  static Result<std::unique_ptr<RunJournal>> Open(const OutputOptions& output,
                                                  const nlohmann::ordered_json& head,
                                                  TensorSink& sink);

  // What an earlier run noted of an item, with its rows read back.
  //
  // Returns:  false: it did not come so far, or what it wrote is not there unharmed
  bool Take(size_t item, MadeRow& row) const;

  void AddBad(size_t item, const ItemOutcome& outcome) override;
  Result<void> AddGood(size_t item, const MadeRow& row, const RowBlock& rows) override;

  // Whether it stays when the run ends, for one that goes on.
  void Keep(bool keep) { file_.Keep(keep); }
  // Brings what is noted to the disk. Rows are made again where that fails and the power does, too.
  void Sync() { static_cast<void>(file_.Sync().has_value()); }

 private:
  explicit RunJournal(DurableFile file, TensorSink& sink) : file_(std::move(file)), sink_(sink) {}

  Result<void> Load(const std::string& path, const nlohmann::ordered_json& head);
  bool IsNext(size_t item);
  void Begin();   // a line
  void Append();  // it
  void Append(const nlohmann::ordered_json& line);
  std::optional<nlohmann::json> Line(size_t item) const;

  DurableFile file_;
  TensorSink& sink_;
  std::vector<uint64_t> ends_;  // of the head's line and of those of an earlier run
  std::string line_;            // in the making
  uint64_t size_ = 0;
  size_t next_ = 0;  // item
  bool failed_ = false;
};

}  // namespace imnorm
