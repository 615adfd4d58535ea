// A note is the head of the run, how far it is, and its statistics as a file would have them.
#include "pipeline/stats_journal.h"

#include <algorithm>
#include <utility>

#include "json/guarded_json.h"
#include "json/json_value.h"
#include "pipeline/hashed_line.h"
#include "pipeline/run_head.h"

namespace imnorm {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr Clock::duration kBetween = std::chrono::seconds(5);
constexpr int kMostShare = 50;                      // of the time, one part goes into notes
constexpr uint64_t kMostBytes = uint64_t{1} << 31;  // of all notes

}  // namespace

Result<std::unique_ptr<StatsJournal>> StatsJournal::Open(const std::string& path, bool resume,
                                                         const Json& head) {
  auto file = DurableFile::Create(path, /*overwrite=*/true, resume);
  if (!file) return Failed(file);
  auto journal = std::unique_ptr<StatsJournal>(new StatsJournal(std::move(*file), head));
  if (auto loaded = journal->Load(path); !loaded) {
    journal->Keep(resume);
    return Failed(loaded);
  }
  journal->Wait({});
  return journal;
}

Result<void> StatsJournal::Load(const std::string& path) {
  const auto bytes = file_.Size();
  if (!bytes) return Failed(bytes);
  if (*bytes == 0 || *bytes > kMostBytes) return {};
  std::string text(*bytes, '\0');
  if (auto read = file_.ReadAt(0, text.data(), text.size()); !read) return read;
  uint64_t begin = 0;
  for (uint64_t end; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    const auto line = std::string_view(text).substr(begin, end - begin);
    if (auto loaded = LoadLine(path, line, {begin, end + 1}); !loaded) return loaded;
  }
  return {};
}

Result<void> StatsJournal::LoadLine(const std::string& path, std::string_view line, Span span) {
  const auto checked = TextOfHashedLine(line);
  if (!checked) return {};
  const auto note = ParseGuarded<Json>(*checked, {.bytes = kMostBytes});
  if (!note || !note->is_object() || !note->contains("head")) return {};
  if (const Json& head = (*note)["head"]; head != head_) {
    return OtherHead("measure.resume", path, HeadDifference(head_, head));
  }
  try {
    StatsProgress progress{note->at("items"), note->at("passed_over"), note->at("bytes_read"),
                           note->at("row_bytes")};
    if (found_ && progress.items < found_->progress.items) return {};
    auto totals = ParseStats(note->at("statistics").get_ref<const std::string&>());
    if (!totals) return {};
    found_ = Found{progress, std::move(*totals)};
    newest_ = span;
  } catch (const Json::exception&) {  // a line of the right hash that nobody here wrote
  }
  return {};
}

void StatsJournal::Save(const StatsProgress& progress, const Totals& totals) {
  const auto begin = Clock::now();
  Json note;
  note["head"] = head_;
  note["items"] = progress.items;
  note["passed_over"] = progress.passed_over;
  note["bytes_read"] = progress.bytes_read;
  note["row_bytes"] = progress.row_bytes;
  note["statistics"] = StatsToJson(totals);
  std::string line;
  BeginHashedLine(line);
  line += JsonText(note);
  EndHashedLine(line);
  line += '\n';  // so that what is left of an older one is no part of the next
  const uint64_t at = line.size() <= newest_.begin ? 0 : newest_.end;
  failed_ = !file_.WriteAt(at, line.data(), line.size()) ||
            !file_.Seal(std::max(newest_.end, at + line.size()));
  newest_ = {at, at + line.size()};
  Wait(Clock::now() - begin);
}

void StatsJournal::Wait(Clock::duration taken) {
  next_ = Clock::now() + std::max(kBetween, taken * kMostShare);
}

}  // namespace imnorm
