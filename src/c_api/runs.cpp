// The C interface to runs over files and folders.
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <string>

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

imnorm::InputOptions InputsOf(const imnorm_job& job) {
  imnorm::InputOptions inputs;
  inputs.inputs.assign(job.inputs, job.inputs + job.input_count);
  return inputs;
}

// The one tensor that a job is about; "" where it is about pictures.
std::string TensorOf(const imnorm_job& job) {
  const bool tensor = job.input_count == 1 && imnorm::IsTensorPath(job.inputs[0]);
  return tensor ? job.inputs[0] : "";
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
  const imnorm::Plan& plan = job.plan->plan;
  const std::string tensor = TensorOf(job);
  const auto input = tensor.empty() ? imnorm::PlanInput::kPictures : imnorm::PlanInput::kTensor;
  if (auto valid = imnorm::ValidatePlan(plan, input); !valid) return imnorm::Failed(valid);
  if (!tensor.empty()) {
    return imnorm::NormalizeTensor({tensor, ""}, plan, output, OptionsOf(job));
  }
  const auto list = imnorm::ListInputs(InputsOf(job));
  if (!list) return imnorm::Failed(list);
  return imnorm::NormalizePictures(*list, {0, list->inputs.size()}, plan, output, OptionsOf(job));
}

Result<imnorm::StatsResult> Measure(const imnorm_job& job) {
  imnorm::StatsOptions stats;
  const std::string tensor = TensorOf(job);
  if (!tensor.empty()) return imnorm::MeasureTensor({tensor, ""}, 1, 1, stats, OptionsOf(job));
  const imnorm::Plan plan = job.plan != nullptr ? job.plan->plan : imnorm::Plan();
  if (auto valid = imnorm::ValidatePlan(plan); !valid) return imnorm::Failed(valid);
  const auto list = imnorm::ListInputs(InputsOf(job));
  if (!list) return imnorm::Failed(list);
  return imnorm::MeasurePictures(*list, 1, 1, plan, stats, OptionsOf(job));
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
    const std::string text = imnorm::StatsToJson(measured->totals);
    *json = static_cast<char*>(std::malloc(text.size() + 1));
    if (*json == nullptr) return Refuse(IMNORM_TOO_LARGE, "not enough memory");
    std::memcpy(*json, text.c_str(), text.size() + 1);
    return HandOverReport(measured->report, result);
  });
}

void imnorm_text_free(char* text) { std::free(text); }

}  // extern "C"
