// Writes the report of a layer's means and variances as it goes.
#include "normalize/layers/report.h"

#include <fmt/format.h>

#include <cmath>

#include "imnorm/words.h"

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

Result<NormReport> NormReport::Open(const LayerJob& job, double scale) {
  NormReport report;
  if (job.report_file.empty()) return report;
  auto file = DurableFile::Create(job.report_file, job.overwrite);
  if (!file) return Failed(file);
  report.file_ = std::move(*file);
  report.scale_ = scale;
  std::string head = "{\n  \"schema\": \"imnorm.norm-report/1\",\n";
  head += fmt::format("  \"method\": \"{}\",\n", WordOf(job.method));
  head += fmt::format("  \"axes\": \"{}\",\n", Axes(job));
  if (job.method == Method::kGroup) head += fmt::format("  \"groups\": {},\n", job.layer.groups);
  head += fmt::format("  \"eps\": {},\n  \"scale\": {},\n  \"statistics\": [",
                      Number(job.layer.eps), Number(scale));
  auto done = report.Write(head);
  if (!done) return Failed(done);
  return report;
}

Result<void> NormReport::Write(const std::string& text) {
  auto done = file_.WriteAt(bytes_, text.data(), text.size());
  bytes_ += text.size();
  return done;
}

Result<void> NormReport::AddEntry(const std::string& head, const Moments* moments, int64_t n) {
  std::string line = fmt::format("{}\n    {{{}, \"mean\": [", first_ ? "" : ",", head);
  for (int64_t i = 0; i < n; ++i) {
    line += fmt::format("{}{}", i == 0 ? "" : ", ", Number(moments[i].mean().high / scale_));
  }
  line += "], \"variance\": [";
  for (int64_t i = 0; i < n; ++i) {
    line +=
        fmt::format("{}{}", i == 0 ? "" : ", ", Number(moments[i].variance() / (scale_ * scale_)));
  }
  first_ = false;
  return Write(line + "]}");
}

Result<void> NormReport::AddBatch(int64_t batch, int64_t first, int64_t samples,
                                  const Moments* moments, int64_t n) {
  if (!file_.is_open()) return {};
  return AddEntry(
      fmt::format("\"batch\": {}, \"first\": {}, \"samples\": {}", batch, first, samples), moments,
      n);
}

Result<void> NormReport::AddSample(int64_t sample, const Moments* moments, int64_t n) {
  if (!file_.is_open()) return {};
  return AddEntry(fmt::format("\"sample\": {}", sample), moments, n);
}

Result<DurableFile> NormReport::Seal() {
  if (!file_.is_open()) return DurableFile();
  auto done = Write("\n  ]\n}\n");
  if (done) done = file_.Seal(bytes_);
  if (!done) return Failed(done);
  return std::move(file_);
}

}  // namespace imnorm
