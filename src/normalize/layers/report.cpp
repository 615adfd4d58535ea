#include "normalize/layers/report.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>

namespace imnorm {
namespace {

// JSON has no NaN and no infinity.
std::string Number(double value) {
  return std::isfinite(value) ? fmt::format("{:.17g}", value) : "null";
}

const char* Axes(const LayerJob& job) {
  switch (job.method) {
    case Method::kBatch:
      return job.sample_shape.size() == 3 ? "N,H,W" : job.sample_shape.size() == 2 ? "N,L" : "N";
    case Method::kLayer:
      return job.sample_shape.size() == 3 ? "C,H,W" : job.sample_shape.size() == 2 ? "C,L" : "C";
    case Method::kInstance:
      return job.sample_shape.size() == 3 ? "H,W" : "L";
    default:
      return job.sample_shape.size() == 3   ? "C/G,H,W"
             : job.sample_shape.size() == 2 ? "C/G,L"
                                            : "C/G";
  }
}

}  // namespace

const char* LayerMethodName(Method method) {
  switch (method) {
    case Method::kBatch:
      return "batch";
    case Method::kLayer:
      return "layer";
    case Method::kInstance:
      return "instance";
    case Method::kGroup:
      return "group";
    case Method::kGiven:
      return "given";
    case Method::kNone:
      return "none";
  }
  return "";
}

Result<NormReport> NormReport::Open(const LayerJob& job, double scale) {
  NormReport report;
  if (job.report_file.empty()) return report;
  report.path_ = job.report_file;
  report.temporary_ = fmt::format("{}.partial.{}", job.report_file, getpid());
  report.scale_ = scale;
  report.file_.reset(std::fopen(report.temporary_.c_str(), "wxe"));
  if (!report.file_) {
    return Fail(ErrorCode::kIo,
                fmt::format("{}: cannot be written: {}", report.path_, strerror(errno)));
  }
  std::string head = "{\n  \"schema\": \"imnorm.norm-report/1\",\n";
  head += fmt::format("  \"method\": \"{}\",\n", LayerMethodName(job.method));
  head += fmt::format("  \"axes\": \"{}\",\n", Axes(job));
  if (job.method == Method::kGroup) head += fmt::format("  \"groups\": {},\n", job.layer.groups);
  head += fmt::format("  \"eps\": {},\n  \"scale\": {},\n  \"statistics\": [",
                      Number(job.layer.eps), Number(scale));
  std::fputs(head.c_str(), report.file_.get());
  return report;
}

NormReport::~NormReport() {
  if (file_) unlink(temporary_.c_str());
}

void NormReport::AddMoments(const Moments* moments, int64_t n) {
  std::string line = "\"mean\": [";
  for (int64_t i = 0; i < n; ++i) {
    line += fmt::format("{}{}", i == 0 ? "" : ", ", Number(moments[i].mean().high / scale_));
  }
  line += "], \"variance\": [";
  for (int64_t i = 0; i < n; ++i) {
    line +=
        fmt::format("{}{}", i == 0 ? "" : ", ", Number(moments[i].variance() / (scale_ * scale_)));
  }
  line += "]}";
  std::fputs(line.c_str(), file_.get());
  first_ = false;
}

void NormReport::AddBatch(int64_t batch, int64_t first, int64_t samples, const Moments* moments,
                          int64_t n) {
  if (!file_) return;
  const std::string head = fmt::format("{}\n    {{\"batch\": {}, \"first\": {}, \"samples\": {}, ",
                                       first_ ? "" : ",", batch, first, samples);
  std::fputs(head.c_str(), file_.get());
  AddMoments(moments, n);
}

void NormReport::AddSample(int64_t sample, const Moments* moments, int64_t n) {
  if (!file_) return;
  const std::string head = fmt::format("{}\n    {{\"sample\": {}, ", first_ ? "" : ",", sample);
  std::fputs(head.c_str(), file_.get());
  AddMoments(moments, n);
}

Result<void> NormReport::Close() {
  if (!file_) return {};
  std::FILE* file = file_.release();
  std::fputs("\n  ]\n}\n", file);
  bool good = std::ferror(file) == 0 && std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  good = std::fclose(file) == 0 && good;
  good = good && std::rename(temporary_.c_str(), path_.c_str()) == 0;
  if (good) return {};
  const int error = errno;
  unlink(temporary_.c_str());
  return Fail(ErrorCode::kIo, fmt::format("{}: cannot be written: {}", path_, strerror(error)));
}

}  // namespace imnorm
