// The members of a manifest.
#include "pipeline/manifest_parts.h"

#include <filesystem>

#include "decode/to_srgb.h"
#include "imnorm/decode.h"
#include "imnorm/words.h"
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

// How many rows of patches a picture has, and how they are arranged.
void AddPatches(const Plan& plan, const InputRecord& record, Json& row) {
  row["rows"] = record.rows;
  const auto place = Place(plan.geometry, record.width, record.height);
  if (!place) return;
  row["patches"] = {{"rows", place->out_height / plan.patches.size},
                    {"columns", place->out_width / plan.patches.size}};
}

}  // namespace

void AddMaker(const Plan& plan, const OutputOptions& output, const RunOptions& conduct,
              Json& head) {
  head["schema"] = "imnorm.manifest/1";
  head["tool"] = "imnorm " IMNORM_VERSION;
  for (const CodecVersion& codec : CodecVersions()) head["codecs"][codec.name] = codec.version;
  if (plan.icc == IccPolicy::kSrgb) {
    if (const auto icc = LoadIcc()) head["codecs"][(*icc)->library] = (*icc)->version;
  }
  head["jpeg"] = WordOf(conduct.jpeg);
  head["png"] = WordOf(conduct.png);
  if (plan.fast_decode) {
    head["pixels"] = "fast decode: they differ from those of an exact decode";
  }
  head["plan"] = Json::parse(PlanToJson(plan));
  head["format"] = output.format;
}

void AddFiles(const TensorSink& tensor, const OutputOptions& output, const RunReport& report,
              Json& head) {
  head["shape"] = report.shape;
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

void AddList(const std::string& hash, uint64_t size, ShardRange range, Json& head) {
  head["list_hash"] = "xxh3-128:" + hash;
  head["list_size"] = size;
  head["first_input"] = range.begin;
  head["inputs"] = range.end - range.begin;
}

void AddCounts(const RunReport& report, Json& head) {
  head["rows"] = report.rows;
  head["failed"] = report.failures.size();
  head["passed_over"] = report.passed_over;
}

void AddClassNames(const Labels& labels, Json& head) {
  if (!labels.names().empty()) head["classes"] = labels.names();
}

void AddNoteCounts(const RunReport& report, Json& head) {
  head["notes"] = Json::object();
  for (size_t i = 0; i < kNoteKinds; ++i) {
    if (report.notes.of[i] > 0) head["notes"][NoteName(NoteKind(i))] = report.notes.of[i];
  }
  AddValueCounts(report, head);
}

ManifestItem::ManifestItem(const Input& input) {
  AddPath(input.path, row_);
  if (input.frame >= 0) row_["frame"] = input.frame;
}

void ManifestItem::AddRow(const Plan& plan, const InputRecord& record,
                          std::optional<uint64_t> row) {
  if (row) {
    row_["row"] = *row;
    if (plan.patches.size > 0) AddPatches(plan, record, row_);
  } else {
    row_["dropped"] = true;
  }
  row_["width"] = record.width;
  row_["height"] = record.height;
}

void ManifestItem::AddError(const Error& error) {
  row_["error"] = ErrorCodeName(error.code);
  row_["reason"] = error.message;
}

void ManifestItem::AddLabel(const Labels& labels, const Input& input) {
  const int64_t number = labels.Of(input);
  if (number < 0) return;
  const std::string& label = labels.names()[size_t(number)];
  row_["label"] = label;
  if (!IsUtf8(label)) row_["label_b64"] = Base64(label);
  row_["class"] = number;
}

void ManifestItem::AddLetterbox(const Plan& plan, const InputRecord& record) {
  if (plan.geometry.resize.kind != ResizeKind::kLetterbox) return;
  const auto place = Place(plan.geometry, record.width, record.height);
  if (!place) return;
  row_["letterbox"] = {
      {"gain", place->gain},
      {"pad_left", place->pad_left},
      {"pad_top", place->pad_top},
      {"pad_right", place->out_width - place->pad_left - place->window.width},
      {"pad_bottom", place->out_height - place->pad_top - place->window.height},
  };
}

void ManifestItem::AddNotes(NoteSet kinds, const std::vector<Note>& own) {
  NoteSet special;
  for (const Note& note : own) {
    if (note.kind) special.Add(*note.kind);
    row_["notes"].push_back(note.text);
  }
  for (size_t i = 0; i < kNoteKinds; ++i) {
    const auto kind = NoteKind(i);
    if (kinds.Has(kind) && !special.Has(kind)) row_["notes"].push_back(NoteText(kind));
  }
}

std::string ManifestItem::Text() const { return JsonText(row_); }

}  // namespace imnorm
