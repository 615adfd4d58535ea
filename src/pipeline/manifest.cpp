// Writes the manifest: what was done, then one line an input.
#include "pipeline/manifest.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "imnorm/decode.h"
#include "imnorm/words.h"
#include "io/durable_stream.h"
#include "io/regular_file.h"
#include "json/json_rows.h"
#include "json/json_value.h"
#include "json/path_text.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

void AddValueCounts(const RunReport& report, Json& head) {
  const ValueCounts& values = report.values;
  const std::pair<const char*, uint64_t> counts[] = {
      {"samples_not_finite", values.not_finite},
      {"values_overflowed", values.overflowed},
      {"values_saturated", values.saturated},
      {"nan_as_zero_point", values.nan_stored},
  };
  for (const auto& [name, count] : counts) {
    if (count > 0) head["notes"][name] = count;
  }
  if (!report.running_finite) head["notes"]["running_statistics_not_finite"] = true;
}

// Size and hash of the file, or of each shard, which goes by its name beside the manifest's.
void AddFiles(const TensorSink& tensor, const OutputOptions& output, Json& head) {
  const std::vector<WrittenFile> files = tensor.files();
  if (!output.sharded()) {
    head["output"] = {{"bytes", files.front().bytes}, {"hash", "xxh3-128:" + files.front().hash}};
    return;
  }
  head["shard_size"] = output.shard_size;
  head["shards"] = Json::array();
  for (const WrittenFile& file : files) {
    Json shard;
    AddPath(std::filesystem::path(file.path).filename().native(), shard);
    shard["rows"] = file.rows;
    shard["bytes"] = file.bytes;
    shard["hash"] = "xxh3-128:" + file.hash;
    head["shards"].push_back(std::move(shard));
  }
}

Json Head(const TensorSink& tensor, const OutputOptions& output, const Plan& plan,
          const RunOptions& conduct, ShardRange range, const Labels& labels,
          const RunReport& report) {
  Json head;
  head["schema"] = "imnorm.manifest/1";
  head["tool"] = "imnorm " IMNORM_VERSION;
  for (const CodecVersion& codec : CodecVersions()) head["codecs"][codec.name] = codec.version;
  head["jpeg"] = WordOf(conduct.jpeg);
  head["png"] = WordOf(conduct.png);
  if (plan.fast_decode) {
    head["pixels"] = "fast decode: they differ from those of an exact decode";
  }
  head["plan"] = Json::parse(PlanToJson(plan));
  head["format"] = output.format;
  head["shape"] = report.shape;
  AddFiles(tensor, output, head);
  head["list_hash"] = "xxh3-128:" + report.list_hash;
  head["list_size"] = report.list_size;
  head["first_input"] = range.begin;
  head["inputs"] = report.inputs;
  head["rows"] = report.rows;
  head["failed"] = report.failures.size();
  head["passed_over"] = report.passed_over;
  if (!labels.names().empty()) head["classes"] = labels.names();
  head["notes"] = Json::object();
  for (size_t i = 0; i < kNoteKinds; ++i) {
    if (report.notes.of[i] > 0) head["notes"][NoteName(NoteKind(i))] = report.notes.of[i];
  }
  AddValueCounts(report, head);
  return head;
}

void AddLetterbox(const Plan& plan, const InputRecord& record, Json& row) {
  if (plan.geometry.resize.kind != ResizeKind::kLetterbox) return;
  const auto place = Place(plan.geometry, record.width, record.height);
  if (!place) return;
  row["letterbox"] = {
      {"gain", place->gain},
      {"pad_left", place->pad_left},
      {"pad_top", place->pad_top},
      {"pad_right", place->out_width - place->pad_left - place->window.width},
      {"pad_bottom", place->out_height - place->pad_top - place->window.height},
  };
}

// How many rows of patches a picture has, and how they are arranged.
void AddPatches(const Plan& plan, const InputRecord& record, Json& row) {
  row["rows"] = record.rows;
  const auto place = Place(plan.geometry, record.width, record.height);
  if (!place) return;
  row["patches"] = {{"rows", place->out_height / plan.patches.size},
                    {"columns", place->out_width / plan.patches.size}};
}

// The kinds that a picture has in their own words, and texts of its own in place of theirs.
void AddNotes(const RunReport& report, const InputRecord& record, uint64_t index, size_t& next,
              Json& row) {
  NoteSet special;
  for (; next < report.special_notes.size() && report.special_notes[next].index == index; ++next) {
    if (const auto& kind = report.special_notes[next].kind) special.Add(*kind);
    row["notes"].push_back(report.special_notes[next].text);
  }
  for (size_t i = 0; i < kNoteKinds; ++i) {
    const auto kind = NoteKind(i);
    if (record.notes.Has(kind) && !special.Has(kind)) row["notes"].push_back(NoteText(kind));
  }
}

// The names of the classes by number; those of an earlier run do not outlive its tensor.
Result<void> AddClasses(const Labels& labels, const OutputOptions& output,
                        std::vector<DurableFile>& sides) {
  const std::string path = output.classes_path();
  if (labels.names().empty()) {
    if (output.overwrite) {
      std::error_code ignored;
      std::filesystem::remove(path, ignored);
    }
    return {};
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
    Json row;
    AddPath(input.path, row);
    if (record.status == InputStatus::kDone) {
      if (next_row < report.rows) {
        row["row"] = next_row;
        if (plan.patches.size > 0) AddPatches(plan, record, row);
        next_row += uint64_t(record.rows);
      } else {
        row["dropped"] = true;  // of a last batch that was not full
      }
      row["width"] = record.width;
      row["height"] = record.height;
    } else {
      const Error& error = report.failures[next_failure++].error;
      row["error"] = ErrorCodeName(error.code);
      row["reason"] = error.message;
    }
    if (const int64_t number = labels.Of(input); number >= 0) {
      const std::string& label = labels.names()[size_t(number)];
      row["label"] = label;
      if (!IsUtf8(label)) row["label_b64"] = Base64(label);
      row["class"] = number;
    }
    if (record.status == InputStatus::kDone) AddLetterbox(plan, record, row);
    AddNotes(report, record, index, next_note, row);
    if (auto written = stream.Append(items.Item(JsonText(row))); !written) {
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
                        const RunReport& report) {
  if (auto sealed = tensor.Seal(report.rows); !sealed) return sealed;
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
