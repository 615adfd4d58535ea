// The pictures of a list as the items of a run: counts their outcomes and reports progress.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imnorm/inputs.h"
#include "pipeline/labels.h"
#include "pipeline/run_items.h"
#include "pipeline/stats_journal.h"

namespace imnorm {

class RunLog : public RunItems {
 public:
  // `order` says which input of the whole list each one of `list` is; none: each one itself.
  // `labels`, where rows have them, outlive it.
  RunLog(const InputList& list, ShardRange range, const RunOptions& options,
         std::vector<uint64_t> order = {}, const Labels* labels = nullptr);

  size_t count() const override { return range_.end - range_.begin; }
  const std::string& path(size_t item) const override { return input(item).path; }
  uint64_t index(size_t item) const override {
    return order_.empty() ? range_.begin + item : order_[range_.begin + item];
  }
  std::string_view class_name(size_t item) const override { return input(item).top_folder(); }
  std::optional<RowInfo> row_info(size_t item) const override;

  // Counts what an earlier run has told of the first items, and says again which are bad.
  void GoOnFrom(const StatsProgress& before, const Totals& totals);

  // The reason of a bad one is put into the words of RunOptions::spoken.
  bool Add(size_t item, ItemOutcome& outcome) override;

  const Input& input(size_t item) const { return list_.inputs[range_.begin + item]; }

 private:
  using Reasons = std::map<std::string_view, uint64_t>;  // static texts

  RunReport Report() override;
  void AddFailure(size_t item, Error& error);
  void AddGood(size_t item, const ItemOutcome& outcome);
  static void CountUse(const DecodeReport& decoded, DecoderUse& use, Reasons& reasons);
  void TellNotes(uint64_t index, const Input& input, const DecodeReport& decoded);

  const InputList& list_;
  const ShardRange range_;
  const std::vector<uint64_t> order_;
  const Labels* const labels_;
  RunReport report_;
  Reasons jpeg_reasons_, png_reasons_;
};

}  // namespace imnorm
