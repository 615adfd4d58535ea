// Adds partial statistics together, or says what differs between them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "imnorm/statistics.h"
#include "statistics/moments.h"
#include "statistics/settings_difference.h"
#include "statistics/totals_access.h"

namespace imnorm {
namespace {

void AddPart(const Totals& part, Totals* sum) {
  TotalsAccess::moments(*sum).Add(part.moments());
  TotalsAccess::sizes(*sum).Add(part.sizes());
  TotalsAccess::notes(*sum).Add(part.notes());
  AddNonfinite(part.nonfinite(), &TotalsAccess::nonfinite(*sum));
  std::vector<StatsFailure>& failed = TotalsAccess::failed(*sum);
  failed.insert(failed.end(), part.failed().begin(), part.failed().end());
  for (const auto& [name, moments] : part.classes()) {
    TotalsAccess::ClassOf(*sum, name).Add(moments);
  }
}

tl::unexpected<Error> DifferentRuns(const std::vector<std::string>& names, size_t part,
                                    std::string_view what) {
  const std::string both =
      part < names.size() ? fmt::format(": {} and {}", names[0], names[part]) : "";
  return Fail(ErrorCode::kBadArgument,
              fmt::format("partial statistics of different runs{} ({})", both, what));
}

tl::unexpected<Error> TwiceThere(const std::vector<Totals>& parts,
                                 const std::vector<std::string>& names, int shard, int count) {
  std::vector<std::string> in;
  for (size_t i = 0; i < names.size(); ++i) {
    const std::vector<int>& have = parts[i].shards().have;
    if (std::binary_search(have.begin(), have.end(), shard)) in.push_back(names[i]);
  }
  return Fail(ErrorCode::kBadArgument,
              fmt::format("shard {}/{} comes twice{}{}", shard, count, in.empty() ? "" : ": in ",
                          fmt::join(in, " and ")));
}

// "2, 5, 9 to 400": what is missing between the shards there are.
std::string MissingText(const std::vector<int>& have, int count) {
  std::string text;
  const auto add = [&](int first, int last) {
    if (first > last) return;
    if (!text.empty()) text += ", ";
    text += fmt::to_string(first);
    if (last > first) text += fmt::format("{}{}", last == first + 1 ? ", " : " to ", last);
  };
  int next = 1;
  for (const int shard : have) {
    add(next, shard - 1);
    next = shard + 1;
  }
  add(next, count);
  return text;
}

}  // namespace

Result<Totals> MergeStats(std::vector<Totals> parts, bool allow_missing,
                          const std::vector<std::string>& names) {
  if (parts.empty()) return Fail(ErrorCode::kBadArgument, "no partial statistics to merge");
  const StatsSettings& settings = parts[0].settings();
  const int count = parts[0].shards().count;
  std::vector<int> have;
  for (size_t i = 0; i < parts.size(); ++i) {
    const Totals& part = parts[i];
    if (const std::string what = SettingsDifference(settings, part.settings()); !what.empty()) {
      return DifferentRuns(names, i, what);
    }
    if (part.shards().count != count) {
      return DifferentRuns(names, i,
                           fmt::format("one in {} shards, one in {}", count, part.shards().count));
    }
    have.insert(have.end(), part.shards().have.begin(), part.shards().have.end());
  }
  std::sort(have.begin(), have.end());
  if (const auto twice = std::adjacent_find(have.begin(), have.end()); twice != have.end()) {
    return TwiceThere(parts, names, *twice, count);
  }
  if (!allow_missing && have.size() != size_t(count)) {
    return Blame(
        "merge.allow_missing",
        fmt::format("missing shard{} {} of {} (`merge.allow_missing` merges what there is)",
                    have.size() + 1 == size_t(count) ? "" : "s", MissingText(have, count), count));
  }
  ShardSet shards{count, have};
  if (have.size() == size_t(count)) shards = {};
  Totals sum(settings, shards);
  for (const Totals& part : parts) AddPart(part, &sum);
  std::vector<StatsFailure>& failed = TotalsAccess::failed(sum);
  std::sort(failed.begin(), failed.end(),
            [](const StatsFailure& a, const StatsFailure& b) { return a.index < b.index; });
  return sum;
}

}  // namespace imnorm
