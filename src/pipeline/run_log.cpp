// Counts outcomes, keeps the first error, and reports progress.
#include "pipeline/run_log.h"

#include <fmt/format.h>

#include "pipeline/needed_modules.h"

namespace imnorm {

RunLog::RunLog(const InputList& list, ShardRange range, const RunOptions& options)
    : list_(list), range_(range), options_(options) {
  report_.list_size = list.inputs.size();
  report_.inputs = count();
  report_.passed_over = list.passed_over;
  report_.records.resize(count());
}

bool RunLog::Add(size_t item, PictureOutcome& outcome, int width, int height) {
  if (aborted_) return false;  // what was under way when the run ended is nobody's business
  if (!outcome.decoded && outcome.decoded.error().code == ErrorCode::kCancelled) {
    return false;  // says that the run ends, not what is wrong with the picture
  }
  const Input& in = input(item);
  if (!outcome.decoded && outcome.decoded.error().code == ErrorCode::kInstallation) {
    Abort(NeededBy(in, std::move(outcome.decoded.error())).value());
    return false;  // every run here would fail so: the picture is not to blame
  }
  InputRecord& record = report_.records[item];
  const uint64_t index = range_.begin + item;
  report_.bytes_read += outcome.bytes_read;
  if (outcome.passed_over) {
    record.status = InputStatus::kPassedOver;
    ++report_.passed_over;
  } else if (!outcome.decoded) {
    record.status = InputStatus::kFailed;
    if (options_.spoken) outcome.decoded.error().message = options_.spoken(outcome.decoded.error());
    report_.failures.push_back({index, in.path, outcome.decoded.error()});
    if (options_.strict) {
      const Error& error = outcome.decoded.error();
      Abort({error.code,
             fmt::format("{}: {}: {} (`conduct.strict` stops at the first bad input)", in.path,
                         ErrorCodeName(error.code), error.message),
             "conduct.strict"});
    } else if (options_.on_failure) {
      options_.on_failure(report_.failures.back());
    }
  } else {
    record = {InputStatus::kDone, width, height, {}};
    ++report_.done;
    const DecodeReport& decoded = *outcome.decoded;
    record.notes = decoded.kinds;
    report_.notes.Add(record.notes);
    TellNotes(index, in, decoded);
    if (decoded.picture.format == "jpeg" && options_.jpeg == JpegDecoder::kAuto) {
      CountUse(decoded, report_.jpeg, jpeg_reasons_);
    }
    if (decoded.picture.format == "png" && options_.png == PngDecoder::kAuto) {
      CountUse(decoded, report_.png, png_reasons_);
    }
  }
  if (options_.progress) options_.progress(item + 1, report_.failures.size(), count());
  return record.status == InputStatus::kDone && !aborted_;
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
    if (options_.on_note) options_.on_note(report_.special_notes.back());
  }
  for (size_t i = 0; options_.on_note && i < kNoteKinds; ++i) {
    const auto kind = NoteKind(i);
    if (decoded.kinds.Has(kind) && !special.Has(kind)) {
      options_.on_note({index, input.path, kind, {}});
    }
  }
}

void RunLog::Abort(Error error) {
  const std::lock_guard lock(error_mutex_);
  if (!error_) error_ = std::move(error);
  aborted_ = true;
}

bool RunLog::ShouldStop() const { return aborted_ || options_.stop(); }

Result<RunReport> RunLog::Finish() {
  if (options_.stop()) {
    return Fail(ErrorCode::kCancelled, "stopped");
  }
  if (error_) return Failed(*error_);
  report_.list_hash = list_.Hash();
  report_.jpeg.left.assign(jpeg_reasons_.begin(), jpeg_reasons_.end());
  report_.png.left.assign(png_reasons_.begin(), png_reasons_.end());
  report_.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin_).count();
  return std::move(report_);
}

}  // namespace imnorm
