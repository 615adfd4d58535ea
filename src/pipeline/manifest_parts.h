// What a manifest says, part by part: as one document beside a tensor, or as lines while it is
// made.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/inputs.h"
#include "imnorm/output.h"
#include "imnorm/plan.h"
#include "imnorm/report.h"
#include "imnorm/run.h"
#include "pipeline/labels.h"
#include "sink/tensor_sink.h"

namespace imnorm {

// Each adds members to an object.

// What bytes follow from: this program, codecs, plan, format.
void AddMaker(const Plan& plan, const OutputOptions& output, const RunOptions& conduct,
              nlohmann::ordered_json& head);
// The shape, and size and hash of the file, or of each shard, which goes by its name beside the
// manifest's.
void AddFiles(const TensorSink& tensor, const OutputOptions& output, const RunReport& report,
              nlohmann::ordered_json& head);
void AddList(const std::string& hash, uint64_t size, ShardRange range,
             nlohmann::ordered_json& head);
void AddCounts(const RunReport& report, nlohmann::ordered_json& head);
void AddClassNames(const Labels& labels, nlohmann::ordered_json& head);
// How many pictures there is something to say of, by kind, and values that had to change.
void AddNoteCounts(const RunReport& report, nlohmann::ordered_json& head);

// One input.
class ManifestItem {
 public:
  explicit ManifestItem(const Input& input);

  // Of a good one: its row, or that it has none.
  void AddRow(const Plan& plan, const InputRecord& record, std::optional<uint64_t> row);
  void AddError(const Error& error);
  void AddLabel(const Labels& labels, const Input& input);
  void AddLetterbox(const Plan& plan, const InputRecord& record);
  // The kinds in their own words, and texts of its own in place of theirs.
  void AddNotes(NoteSet kinds, const std::vector<Note>& own);
  void AddShape(const std::vector<int64_t>& shape) { row_["shape"] = shape; }

  std::string Text() const;

 private:
  nlohmann::ordered_json row_;
};

}  // namespace imnorm
