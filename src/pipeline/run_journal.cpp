// Lines of a hash and JSON: written as inputs are done, believed where the hash is right.
#include "pipeline/run_journal.h"

#include "io/xxh3.h"
#include "json/guarded_json.h"
#include "json/json_value.h"
#include "pipeline/hashed_line.h"
#include "pipeline/journal_line.h"
#include "pipeline/run_head.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kPiece = size_t{1} << 20;
constexpr size_t kLongestLine = size_t{1} << 20;  // a path of 4,096 bytes, however it is escaped

}  // namespace

uint64_t HashOf(const std::vector<uint8_t>& bytes) {
  return Xxh3Of({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

Json JournalHead(const InputList& list, ShardRange range, const Plan& plan,
                 const OutputOptions& output, const RunOptions& conduct) {
  Json head = RunHead(list, range, plan, conduct);
  head["format"] = output.format;
  head["shard_size"] = output.shard_size;
  head["labels"] = output.labels;
  return head;
}

Result<std::unique_ptr<RunJournal>> RunJournal::Open(const OutputOptions& output, const Json& head,
                                                     TensorSink& sink) {
  const std::string path = output.journal_path();
  auto file = DurableFile::Create(path, /*overwrite=*/true, output.resume);
  if (!file) return Failed(file);
  auto journal = std::unique_ptr<RunJournal>(new RunJournal(std::move(*file), sink));
  if (auto loaded = journal->Load(output.path, head); !loaded) return Failed(loaded);
  return journal;
}

Result<void> RunJournal::Load(const std::string& path, const Json& head) {
  const auto bytes = file_.Size();
  if (!bytes) return Failed(bytes);
  std::string text;  // behind the last whole line
  uint64_t at = 0;
  for (bool whole = true; whole && at < *bytes;) {
    const size_t size = size_t(std::min<uint64_t>(kPiece, *bytes - at));
    text.resize(text.size() + size);
    if (auto read = file_.ReadAt(at, text.data() + text.size() - size, size); !read) return read;
    at += size;
    size_t begin = 0;
    for (size_t end; whole && (end = text.find('\n', begin)) != std::string::npos;) {
      const auto line = TextOfHashedLine(std::string_view(text).substr(begin, end - begin));
      whole = line.has_value();
      if (!whole) break;
      if (ends_.empty()) {
        const auto was = ParseGuarded<Json>(*line);
        whole = was.has_value();
        if (!whole) break;
        if (*was != head) {
          file_.Keep(true);
          return OtherHead("output.resume", path, HeadDifference(head, *was));
        }
      }
      begin = end + 1;
      size_ += line->size() + kHashedLineFrame;
      ends_.push_back(size_);
    }
    text.erase(0, begin);
    whole = whole && text.size() <= kLongestLine;
  }
  if (ends_.empty()) {
    Append(head);
    ends_.push_back(size_);
  }
  next_ = ends_.size() - 1;
  return {};
}

std::optional<nlohmann::json> RunJournal::Line(size_t item) const {
  if (item + 1 >= ends_.size()) return std::nullopt;
  std::string text(ends_[item + 1] - ends_[item] - 1, '\0');
  if (!file_.ReadAt(ends_[item], text.data(), text.size())) return std::nullopt;
  const auto checked = TextOfHashedLine(text);
  if (!checked) return std::nullopt;
  auto line = ParseGuarded<nlohmann::json>(*checked);
  if (!line) return std::nullopt;
  return std::move(*line);
}

bool RunJournal::Take(size_t item, MadeRow& row) const {
  const auto line = Line(item);
  if (!line) return false;
  try {
    if (ItemOf(*line) != item) return false;
    const NotedRow noted = ParseJournalLine(*line, row);
    if (!row.outcome.decoded) return true;
    row.bytes.resize(noted.bytes);
    if (!sink_.ReadBack(noted.place, row.bytes.data(), row.bytes.size())) return false;
    row.stood = noted.number;
    row.hash = HashOf(row.bytes);
    return row.hash == noted.hash;
  } catch (const nlohmann::json::exception&) {
    return false;  // a line of the right hash that nobody here wrote
  }
}

bool RunJournal::IsNext(size_t item) { return !failed_ && item == next_; }

void RunJournal::AddBad(size_t item, const ItemOutcome& outcome) {
  if (!IsNext(item) || !IsNoted(outcome)) return;
  Append(JournalLine(item, outcome));
  ++next_;
}

Result<void> RunJournal::AddGood(size_t item, const MadeRow& row, const RowBlock& rows) {
  if (!IsNext(item)) return {};
  const NotedRow noted = {rows.first, row.bytes.size(), sink_.Place(rows), row.hash};
  Begin();
  AppendJournalLine(item, row, noted, line_);
  Append();
  ++next_;
  return {};
}

void RunJournal::Begin() { BeginHashedLine(line_); }

// A run whose journal cannot be written is no worse than one without: it goes on.
void RunJournal::Append() {
  EndHashedLine(line_);
  failed_ = !file_.WriteAt(size_, line_.data(), line_.size());
  size_ += line_.size();
}

void RunJournal::Append(const Json& line) {
  Begin();
  line_ += JsonText(line);
  Append();
}

}  // namespace imnorm
