// Writes the report of a layer's means and variances as it goes.
#include "normalize/layers/report.h"

#include <optional>
#include <utility>
#include <vector>

#include "imnorm/words.h"

namespace imnorm {
namespace {

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
  JsonObject head(0);
  head.Add("schema", JsonString("imnorm.norm-report/1"));
  head.Add("method", JsonString(WordOf(job.method)));
  head.Add("axes", JsonString(Axes(job)));
  if (job.method == Method::kGroup) head.Add("groups", job.layer.groups);
  head.Add("eps", JsonNumber(job.layer.eps));
  head.Add("scale", JsonNumber(scale));
  auto done = report.Write(JsonRows::Begin(head.Text(), "statistics"));
  if (!done) return Failed(done);
  return report;
}

Result<void> NormReport::Write(const std::string& text) {
  auto done = file_.WriteAt(bytes_, text.data(), text.size());
  bytes_ += text.size();
  return done;
}

Result<void> NormReport::AddEntry(JsonRow entry, const Moments* moments, int64_t n) {
  std::vector<std::optional<double>> means, variances;
  for (int64_t i = 0; i < n; ++i) {
    means.push_back(moments[i].mean().high / scale_);
    variances.push_back(moments[i].variance() / (scale_ * scale_));
  }
  entry.Add("mean", JsonNumbers(means));
  entry.Add("variance", JsonNumbers(variances));
  return Write(rows_.Item(entry.Text()));
}

Result<void> NormReport::AddBatch(int64_t batch, int64_t first, int64_t samples,
                                  const Moments* moments, int64_t n) {
  if (!file_.is_open()) return {};
  JsonRow entry;
  entry.Add("batch", batch);
  entry.Add("first", first);
  entry.Add("samples", samples);
  return AddEntry(std::move(entry), moments, n);
}

Result<void> NormReport::AddSample(int64_t sample, const Moments* moments, int64_t n) {
  if (!file_.is_open()) return {};
  JsonRow entry;
  entry.Add("sample", sample);
  return AddEntry(std::move(entry), moments, n);
}

Result<DurableFile> NormReport::Seal() {
  if (!file_.is_open()) return DurableFile();
  auto done = Write(JsonRows::End());
  if (done) done = file_.Seal(bytes_);
  if (!done) return Failed(done);
  return std::move(file_);
}

}  // namespace imnorm
