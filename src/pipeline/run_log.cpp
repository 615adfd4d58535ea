// What became of each picture, and what is said of it.
#include "pipeline/run_log.h"

#include <fmt/format.h>

#include "io/shortage.h"
#include "pipeline/finished_stats.h"
#include "pipeline/needed_modules.h"

namespace imnorm {

RunLog::RunLog(const InputList& list, ShardRange range, const RunOptions& options,
               std::vector<uint64_t> order, const Labels* labels)
    : RunItems(options), list_(list), range_(range), order_(std::move(order)), labels_(labels) {
  report_.list_size = list.inputs.size();
  report_.inputs = count();
  report_.passed_over = list.passed_over;
  report_.records.resize(count());
}

std::optional<RowInfo> RunLog::row_info(size_t item) const {
  const Input& in = input(item);
  const InputRecord& record = report_.records[item];
  const int64_t label = labels_ != nullptr ? labels_->Of(in) : -1;
  return RowInfo{in.key(), label, index(item), record.width, record.height};
}

void RunLog::GoOnFrom(const StatsProgress& before, const Totals& totals) {
  report_.bytes_read = before.bytes_read;
  report_.passed_over += before.passed_over;
  TakeTotals(totals, report_);
  if (!options().on_failure) return;
  for (const Failure& failure : report_.failures) options().on_failure(failure);
}

bool RunLog::Add(size_t item, ItemOutcome& outcome) {
  if (aborted()) return false;  // what was under way when the run ended is nobody's business
  if (!outcome.decoded && outcome.decoded.error().code == ErrorCode::kCancelled) {
    // Says that the run ends, not what is wrong with the picture: so it has to end for a reason.
    if (!options().stop()) {
      Abort({ErrorCode::kIo, input(item).path + ": its decoder stopped, which nobody asked it to",
             ""});
    }
    return false;
  }
  if (!outcome.decoded && outcome.decoded.error().code == ErrorCode::kInstallation) {
    Abort(NeededBy(input(item), std::move(outcome.decoded.error())).value());
    return false;  // every run here would fail so: the picture is not to blame
  }
  if (!outcome.decoded && IsShortage(outcome.decoded.error())) {
    Error& error = outcome.decoded.error();
    error.message = input(item).path + ": " + error.message;
    Abort(std::move(error));
    return false;  // another time, or with fewer threads, it is as good as any
  }
  report_.bytes_read += outcome.bytes_read;
  if (outcome.passed_over) {
    report_.records[item].status = InputStatus::kPassedOver;
    ++report_.passed_over;
  } else if (!outcome.decoded) {
    AddFailure(item, outcome.decoded.error());
  } else {
    AddGood(item, outcome);
  }
  if (options().progress) options().progress(item + 1, report_.failures.size(), count());
  return report_.records[item].status == InputStatus::kDone && !aborted();
}

void RunLog::AddFailure(size_t item, Error& error) {
  const std::string& path = input(item).path;
  report_.records[item].status = InputStatus::kFailed;
  if (options().spoken) error.message = options().spoken(error);
  report_.failures.push_back({range_.begin + item, path, error});
  if (options().strict) {
    Abort({error.code,
           fmt::format("{}: {}: {} (`conduct.strict` stops at the first bad input)", path,
                       ErrorCodeName(error.code), error.message),
           "conduct.strict"});
  } else if (options().on_failure) {
    options().on_failure(report_.failures.back());
  }
}

void RunLog::AddGood(size_t item, const ItemOutcome& outcome) {
  const DecodeReport& decoded = *outcome.decoded;
  report_.records[item] = {InputStatus::kDone, outcome.width, outcome.height, decoded.kinds,
                           outcome.rows};
  ++report_.done;
  report_.notes.Add(decoded.kinds);
  TellNotes(range_.begin + item, input(item), decoded);
  if (decoded.picture.format == "jpeg" && options().jpeg == JpegDecoder::kAuto) {
    CountUse(decoded, report_.jpeg, jpeg_reasons_);
  }
  if (decoded.picture.format == "png" && options().png == PngDecoder::kAuto) {
    CountUse(decoded, report_.png, png_reasons_);
  }
}

void RunLog::CountUse(const DecodeReport& decoded, DecoderUse& use, Reasons& reasons) {
  if (decoded.fallback.empty()) {
    ++use.own;
  } else {
    ++reasons[decoded.fallback];
  }
}

// Without anybody to tell, a note of its kind alone is counted and costs no memory.
void RunLog::TellNotes(uint64_t index, const Input& input, const DecodeReport& decoded) {
  NoteSet special;
  for (const DecodeNote& note : decoded.notes) {
    special.Add(note.kind);
    report_.special_notes.push_back({index, input.path, note.kind, note.text});
    if (options().on_note) options().on_note(report_.special_notes.back());
  }
  for (size_t i = 0; options().on_note && i < kNoteKinds; ++i) {
    const auto kind = NoteKind(i);
    if (decoded.kinds.Has(kind) && !special.Has(kind)) {
      options().on_note({index, input.path, kind, {}});
    }
  }
}

RunReport RunLog::Report() {
  report_.list_hash = list_.Hash();
  report_.jpeg.left.assign(jpeg_reasons_.begin(), jpeg_reasons_.end());
  report_.png.left.assign(png_reasons_.begin(), png_reasons_.end());
  return std::move(report_);
}

}  // namespace imnorm
