// The C interface to runs over files and folders.
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "c_api/guard.h"
#include "c_api/plan.h"
#include "imnorm/run.h"

using imnorm::Failure;
using imnorm::Result;
using imnorm::c_api::CodeOf;
using imnorm::c_api::Guarded;
using imnorm::c_api::HandOver;
using imnorm::c_api::IsSized;
using imnorm::c_api::Refuse;
using imnorm::c_api::RefuseUnsized;

namespace {

// The job as far as its caller knows it; the rest is 0.
imnorm_job JobOf(const imnorm_job* job) {
  imnorm_job known = {};
  std::memcpy(&known, job, std::min(job->struct_size, sizeof known));
  return known;
}

imnorm::RunOptions OptionsOf(const imnorm_job& job) {
  imnorm::RunOptions options;
  options.threads = job.threads;
  options.strict = job.strict != 0;
  void* user = job.user;
  if (const auto stop = job.stop) {
    options.stop = imnorm::Stop([stop, user] { return stop(user) != 0; });
  }
  if (const auto tell = job.on_failure) {
    options.on_failure = [tell, user](const Failure& failure) {
      tell(user, failure.path.c_str(), CodeOf(failure.error.code), failure.error.message.c_str());
    };
  }
  if (const auto tell = job.on_progress) {
    options.progress = [tell, user](uint64_t finished, uint64_t failed, uint64_t total) {
      tell(user, finished, failed, total);
    };
  }
  return options;
}

Result<imnorm::Source> SourceOf(const imnorm_job& job) {
  const bool whole = job.shard == 0 && job.shards == 0;
  if (!whole && (job.shard < 1 || job.shard > job.shards)) {
    return imnorm::Fail(imnorm::ErrorCode::kBadArgument, "a shard is one of 1 to `shards`");
  }
  auto source = imnorm::OpenPaths({job.inputs, job.inputs + job.input_count});
  if (source && !whole) source->shard = {job.shard, job.shards};
  return source;
}

imnorm::StatsOptions StatsOf(const imnorm_job& job) {
  imnorm::StatsOptions stats;
  stats.numbers.histogram = job.histogram != 0;
  stats.numbers.percentiles.assign(job.percentiles, job.percentiles + job.percentile_count);
  stats.numbers.per_class = job.per_class != 0;
  return stats;
}

imnorm_code HandOverReport(const imnorm::RunReport& report, imnorm_result* out) {
  if (out == nullptr) return IMNORM_OK;
  imnorm_result result = {};
  result.inputs = report.inputs;
  result.done = report.done;
  result.failed = report.failures.size();
  result.passed_over = report.passed_over;
  std::copy_n(report.shape.begin(), std::min<size_t>(report.shape.size(), 4), result.shape);
  result.seconds = report.seconds;
  return HandOver(result, out);
}

// As C's own memory, which imnorm_text_free ends.
imnorm_code HandOverText(const std::string& text, char** out) {
  *out = static_cast<char*>(std::malloc(text.size() + 1));
  if (*out == nullptr) return Refuse(IMNORM_TOO_LARGE, "not enough memory");
  std::memcpy(*out, text.c_str(), text.size() + 1);
  return IMNORM_OK;
}

Result<imnorm::RunReport> Normalize(const imnorm_job& job) {
  imnorm::OutputOptions output;
  output.path = job.output;
  output.overwrite = job.overwrite != 0;
  if (job.format != nullptr) {
    output.format = job.format;
  } else if (auto format = imnorm::FormatOfPath(output.path)) {
    output.format = std::move(*format);
  } else {
    return imnorm::Failed(format);
  }
  const auto source = SourceOf(job);
  if (!source) return imnorm::Failed(source);
  return imnorm::Normalize(*source, job.plan->plan, output, OptionsOf(job));
}

Result<imnorm::StatsResult> Measure(const imnorm_job& job) {
  const auto source = SourceOf(job);
  if (!source) return imnorm::Failed(source);
  const imnorm::Plan plan = job.plan != nullptr ? job.plan->plan : imnorm::Plan();
  return imnorm::Measure(*source, plan, StatsOf(job), OptionsOf(job));
}

}  // namespace

extern "C" {

imnorm_code imnorm_normalize(const imnorm_job* job, imnorm_result* result) {
  return Guarded([&] {
    if (!IsSized(job) || (result != nullptr && !IsSized(result))) return RefuseUnsized();
    const imnorm_job known = JobOf(job);
    if (known.input_count == 0 || known.plan == nullptr || known.output == nullptr) {
      return Refuse(IMNORM_BAD_ARGUMENT, "a normalisation needs inputs, a plan and an output");
    }
    const auto report = Normalize(known);
    if (!report) return Refuse(report.error());
    return HandOverReport(*report, result);
  });
}

imnorm_code imnorm_measure(const imnorm_job* job, char** json, imnorm_result* result) {
  return Guarded([&] {
    if (!IsSized(job) || (result != nullptr && !IsSized(result))) return RefuseUnsized();
    const imnorm_job known = JobOf(job);
    if (known.input_count == 0) return Refuse(IMNORM_BAD_ARGUMENT, "there is nothing to measure");
    const auto measured = Measure(known);
    if (!measured) return Refuse(measured.error());
    const imnorm_code given = HandOverText(imnorm::StatsToJson(measured->totals), json);
    return given != IMNORM_OK ? given : HandOverReport(measured->report, result);
  });
}

int imnorm_stop_if_set(void* user) {
  return std::atomic_ref<int>(*static_cast<int*>(user)).load(std::memory_order_relaxed);
}

imnorm_code imnorm_statistics_merge(const char* const* parts, size_t count, char** json) {
  return Guarded([&] {
    std::vector<imnorm::Totals> totals;
    for (size_t i = 0; i < count; ++i) {
      auto part = imnorm::ParseStats(parts[i]);
      if (!part) return Refuse(part.error());
      totals.push_back(std::move(*part));
    }
    const auto merged = imnorm::MergeStats(std::move(totals), /*allow_missing=*/true);
    if (!merged) return Refuse(merged.error());
    return HandOverText(imnorm::StatsToJson(*merged), json);
  });
}

imnorm_code imnorm_statistics_emit(const char* json, const char* format, char** text) {
  return Guarded([&] {
    const auto emit = imnorm::EmitFormatFromName(format);
    if (!emit) return Refuse(emit.error());
    const auto totals = imnorm::ParseStats(json);
    if (!totals) return Refuse(totals.error());
    const auto emitted = imnorm::EmitStats(*totals, *emit);
    if (!emitted) return Refuse(emitted.error());
    return HandOverText(*emitted, text);
  });
}

void imnorm_text_free(char* text) { std::free(text); }

}  // extern "C"
