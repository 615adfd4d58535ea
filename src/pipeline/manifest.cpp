// Writes the manifest: what was done, then one line an input.
#include "pipeline/manifest.h"

#include <nlohmann/json.hpp>

#include "io/durable_stream.h"
#include "io/regular_file.h"
#include "json/json_rows.h"
#include "json/json_value.h"
#include "pipeline/manifest_parts.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

Json Head(const TensorSink& tensor, const OutputOptions& output, const Plan& plan,
          const RunOptions& conduct, ShardRange range, const Labels& labels,
          const RunReport& report) {
  Json head;
  AddMaker(plan, output, conduct, head);
  AddFiles(tensor, output, report, head);
  AddList(report.list_hash, report.list_size, range, head);
  AddCounts(report, head);
  AddClassNames(labels, head);
  AddNoteCounts(report, head);
  return head;
}

// What a report has of an input in texts of its own, from its `next` one on.
std::vector<Note> OwnNotes(const RunReport& report, uint64_t index, size_t& next) {
  std::vector<Note> notes;
  for (; next < report.special_notes.size() && report.special_notes[next].index == index; ++next) {
    notes.push_back(report.special_notes[next]);
  }
  return notes;
}

// The names of the classes by number; those of an earlier run do not outlive its tensor.
Result<void> AddClasses(const Labels& labels, const OutputOptions& output,
                        std::vector<DurableFile>& sides) {
  const std::string path = output.classes_path();
  if (labels.names().empty()) {
    if (!output.overwrite) return {};
    const auto removed = RemoveOlder(path);
    return removed ? Result<void>() : Failed(removed);
  }
  auto file = DurableFile::Create(path, /*overwrite=*/true);
  if (!file) return Failed(file);
  const std::string text = JsonText(Json(labels.names())) + "\n";
  auto done =
      file->WriteAt(0, text.data(), text.size()).and_then([&] { return file->Seal(text.size()); });
  if (done) sides.push_back(std::move(*file));
  return done;
}

// Whether a file begins as a manifest does.
bool IsManifest(const std::string& path) {
  return BeginningOf(path, 64).find("\"imnorm.manifest/") != std::string::npos;
}

}  // namespace

Result<DurableFile> OpenManifest(const OutputOptions& output) {
  if (output.to_stdout() && output.manifest.empty()) return DurableFile();
  const std::string path = output.manifest_path();
  // The manifest of a tensor that was moved away says nothing any more.
  const bool stale = (output.manifest.empty() || output.resume) && IsManifest(path);
  return DurableFile::Create(path, output.overwrite || stale);
}

Result<DurableFile> WriteManifest(DurableFile file, const TensorSink& tensor,
                                  const OutputOptions& output, const Plan& plan,
                                  const RunOptions& conduct, const InputList& list,
                                  ShardRange range, const Labels& labels, const RunReport& report) {
  DurableStream stream(std::move(file));
  JsonRows items;
  const Json head = Head(tensor, output, plan, conduct, range, labels, report);
  if (auto written = stream.Append(JsonRows::Begin(JsonText(head, 2), "items")); !written) {
    return Failed(written);
  }
  uint64_t next_row = 0;
  size_t next_failure = 0;
  size_t next_note = 0;
  for (size_t item = 0; item < report.records.size(); ++item) {
    const InputRecord& record = report.records[item];
    const uint64_t index = range.begin + item;
    const Input& input = list.inputs[index];
    if (record.status != InputStatus::kDone && record.status != InputStatus::kFailed) continue;
    ManifestItem row(input);
    if (record.status == InputStatus::kDone) {
      const bool dropped = next_row >= report.rows;  // of a last batch that was not full
      row.AddRow(plan, record, dropped ? std::nullopt : std::optional(next_row));
      if (!dropped) next_row += uint64_t(record.rows);
    } else {
      row.AddError(report.failures[next_failure++].error);
    }
    row.AddLabel(labels, input);
    if (record.status == InputStatus::kDone) row.AddLetterbox(plan, record);
    row.AddNotes(record.notes, OwnNotes(report, index, next_note));
    if (auto written = stream.Append(items.Item(row.Text())); !written) {
      return Failed(written);
    }
  }
  if (auto written = stream.Append(JsonRows::End()); !written) {
    return Failed(written);
  }
  return stream.Seal();
}

Result<void> PublishRun(TensorSink& tensor, DurableFile manifest, std::vector<DurableFile> sides,
                        const OutputOptions& output, const Plan& plan, const RunOptions& conduct,
                        const InputList& list, ShardRange range, const Labels& labels,
                        const RunReport& report, ManifestLines* lines) {
  if (auto sealed = tensor.Seal(report.rows); !sealed) return sealed;
  if (lines != nullptr) {
    if (auto told = lines->End(tensor, report); !told) return told;
  }
  if (manifest.is_open()) {
    auto written = WriteManifest(std::move(manifest), tensor, output, plan, conduct, list, range,
                                 labels, report);
    if (!written) return Failed(written);
    sides.push_back(std::move(*written));
  }
  if (!output.to_stdout()) {
    if (auto added = AddClasses(labels, output, sides); !added) return added;
  }
  return tensor.Publish(sides);
}

}  // namespace imnorm
