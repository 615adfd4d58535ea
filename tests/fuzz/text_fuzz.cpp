// libFuzzer: texts that other machines wrote: statistics, plans, checksums, lines of journals. The
// first byte says which.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "imnorm/plan.h"
#include "imnorm/statistics.h"
#include "pipeline/hashed_line.h"
#include "pipeline/journal_line.h"
#include "source/checksums.h"

namespace {

// What is believed is what a run can have written.
void FuzzStats(std::string_view text) {
  const auto totals = imnorm::ParseStats(text);
  const auto values = imnorm::ReadStatsValues(text);
  if (values && !totals) std::abort();
  if (!totals) return;
  const std::string json = imnorm::StatsToJson(*totals);
  const auto again = imnorm::ParseStats(json);
  if (!again || imnorm::StatsToJson(*again) != json) std::abort();
}

void FuzzPlan(std::string_view text) {
  const auto plan = imnorm::PlanFromJson(text);
  if (!plan) return;
  const std::string json = imnorm::PlanToJson(*plan);
  const auto again = imnorm::PlanFromJson(json);
  if (!again || imnorm::PlanToJson(*again) != json) std::abort();
}

void FuzzChecksums(std::string_view text) {
  const auto sums = imnorm::ParseChecksums(text);
  if (!sums) return;
  for (const imnorm::FileChecksum& sum : *sums) {
    if (sum.kind == imnorm::FileChecksum::Kind::kNone) std::abort();
  }
}

void FuzzJournal(std::string_view text) {
  if (const auto line = imnorm::TextOfHashedLine(text); line && line->size() > text.size()) {
    std::abort();
  }
  try {
    const auto line = nlohmann::json::parse(text);
    static_cast<void>(imnorm::ItemOf(line));
    imnorm::MadeRow row;
    static_cast<void>(imnorm::ParseJournalLine(line, row));
  } catch (const nlohmann::json::exception&) {
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 4) {
    case 0:
      FuzzStats(text);
      break;
    case 1:
      FuzzPlan(text);
      break;
    case 2:
      FuzzChecksums(text);
      break;
    default:
      FuzzJournal(text);
  }
  return 0;
}
