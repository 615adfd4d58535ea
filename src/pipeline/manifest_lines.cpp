// Lines of a manifest, each as soon as it is known.
#include "pipeline/manifest_lines.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "json/json_value.h"
#include "pipeline/journal_line.h"

namespace imnorm {

Result<std::unique_ptr<ManifestLines>> ManifestLines::Open(const Run& run) {
  Descriptor copy = CopyOf(run.output.manifest_fd);
  if (!copy.is_open()) {
    return Blame("output.manifest_fd",
                 fmt::format("`output.manifest_fd` {}: there is no such descriptor",
                             run.output.manifest_fd));
  }
  auto lines = std::unique_ptr<ManifestLines>(new ManifestLines(run, std::move(copy)));
  nlohmann::ordered_json head;
  AddMaker(run.plan, run.output, run.conduct, head);
  AddList(run.list.Hash(), run.list.inputs.size(), run.range, head);
  AddClassNames(run.labels, head);
  if (auto written = lines->Write(JsonText(head)); !written) return Failed(written);
  return lines;
}

void ManifestLines::AddBad(size_t item, const ItemOutcome& outcome) {
  if (outcome.passed_over || !IsNoted(outcome)) return;
  Error error = outcome.decoded.error();
  if (run_.conduct.spoken) error.message = run_.conduct.spoken(error);
  ManifestItem line(input(item));
  line.AddError(error);
  line.AddLabel(run_.labels, input(item));
  (void)Write(line.Text());  // the next good one tells
}

Result<void> ManifestLines::AddGood(size_t item, const MadeRow& row, const RowBlock& rows) {
  const ItemOutcome& outcome = row.outcome;
  const DecodeReport& decoded = *outcome.decoded;
  const InputRecord record{InputStatus::kDone, outcome.width, outcome.height, decoded.kinds,
                           outcome.rows};
  ManifestItem line(input(item));
  line.AddRow(run_.plan, record, rows.first);
  line.AddLabel(run_.labels, input(item));
  line.AddLetterbox(run_.plan, record);
  std::vector<Note> own;
  for (const DecodeNote& note : decoded.notes) own.push_back({0, {}, note.kind, note.text});
  line.AddNotes(decoded.kinds, own);
  if (rows.first == 0) line.AddShape(row.shape);
  return Write(line.Text());
}

Result<void> ManifestLines::End(const TensorSink& tensor, const RunReport& report) {
  nlohmann::ordered_json end;
  AddFiles(tensor, run_.output, report, end);
  AddCounts(report, end);
  AddNoteCounts(report, end);
  return Write(JsonText(end));
}

Result<void> ManifestLines::Write(const std::string& text) {
  if (!written_) return written_;
  const std::string line = text + "\n";
  std::string_view left = line;
  while (!left.empty()) {
    const ssize_t n = Retried([&] { return write(file_.get(), left.data(), left.size()); });
    if (n <= 0) {
      written_ = Fail(ErrorCode::kIo,
                      fmt::format("the manifest on descriptor {}: {}", run_.output.manifest_fd,
                                  n < 0 ? std::strerror(errno) : "nothing is taken"));
      break;
    }
    left.remove_prefix(size_t(n));
  }
  return written_;
}

}  // namespace imnorm
