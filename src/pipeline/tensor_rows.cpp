// Reads, normalises and stores one sample after another, block by block.
#include "pipeline/tensor_rows.h"

#include <algorithm>

#include "normalize/layers/elements.h"
#include "normalize/layers/wide.h"
#include "pipeline/layer_job.h"

namespace imnorm {
namespace {

// One a channel; a list of one serves all, none is `without`.
std::vector<double> Each(const std::vector<double>& from, size_t channels, double without) {
  std::vector<double> to(channels, without);
  for (size_t c = 0; c < to.size() && !from.empty(); ++c) {
    to[c] = from[from.size() == 1 ? 0 : c];
  }
  return to;
}

}  // namespace

class TensorRows::Maker : public RowSource::Worker {
 public:
  explicit Maker(const TensorRows& rows) : rows_(rows) {}

  void Make(size_t item, MadeRow& row) override {
    const LayerJob& job = rows_.job_;
    const auto elements = size_t(rows_.channels_ * rows_.plane_);
    in_.resize(elements * ElementBytes(job.input));
    row.met = {};
    if (auto read = rows_.samples_.Read(int64_t(item), 1, in_.data()); !read) {
      row.outcome.decoded = Failed(read);
      return;
    }
    row.outcome.decoded = DecodeReport();
    row.shape = rows_.row_shape_;
    const size_t out_bytes = ElementBytes(job.dtype);
    std::vector<uint8_t>& planes = job.layout == Layout::kNchw ? row.bytes : planes_;
    planes.resize(elements * out_bytes);
    for (int64_t c = 0; c < rows_.channels_; ++c) MakePlane(c, planes.data(), row.met);
    if (job.layout == Layout::kNhwc) {
      row.bytes.resize(planes.size());
      InterleavePlanes(planes.data(), rows_.channels_, rows_.plane_, out_bytes, row.bytes.data());
    }
  }

 private:
  void MakePlane(int64_t c, uint8_t* planes, ValueCounts& met) {
    const LayerJob& job = rows_.job_;
    if (IsWide(job)) return MakeWidePlane(c, planes, met);
    const auto mean = float(rows_.mean_[size_t(c)]);
    const auto std = float(rows_.std_[size_t(c)]);
    const auto scale = float(rows_.scale_);
    wide_.resize(kLayerBlock);
    values_.resize(kLayerBlock);
    for (int64_t at = 0; at < rows_.plane_; at += int64_t(kLayerBlock)) {
      const auto n = size_t(std::min<int64_t>(int64_t(kLayerBlock), rows_.plane_ - at));
      const auto first = size_t(c * rows_.plane_ + at);
      const float* x =
          AsFloat32(job.input, in_.data() + first * ElementBytes(job.input), n, wide_.data());
      for (size_t i = 0; i < n; ++i) values_[i] = (x[i] / scale - mean) / std;
      if (job.input != ElementType::kU8) met.not_finite += CountNotFinite(x, n);
      met.overflowed += NonFiniteResults(x, values_.data(), n);
      CountLost(job, values_.data(), n, met);
      StoreElements(job, values_.data(), n, planes + first * ElementBytes(job.dtype));
    }
  }

  void MakeWidePlane(int64_t c, uint8_t* planes, ValueCounts& met) {
    const LayerJob& job = rows_.job_;
    alignas(64) double wide[kLayerBlock];
    alignas(64) double values[kLayerBlock];
    for (int64_t at = 0; at < rows_.plane_; at += int64_t(kLayerBlock)) {
      const auto n = size_t(std::min<int64_t>(int64_t(kLayerBlock), rows_.plane_ - at));
      const auto first = size_t(c * rows_.plane_ + at);
      const double* x = AsFloat64(job.input, in_.data() + first * ElementBytes(job.input), n, wide);
      for (size_t i = 0; i < n; ++i) {
        values[i] = (x[i] / rows_.scale_ - rows_.mean_[size_t(c)]) / rows_.std_[size_t(c)];
      }
      met.not_finite += CountNotFinite(x, n);
      StoreWide(job, x, values, n, planes + first * ElementBytes(job.dtype), met);
    }
  }

  const TensorRows& rows_;
  std::vector<uint8_t> in_, planes_;
  std::vector<float> wide_, values_;
};

TensorRows::TensorRows(TensorSamples& samples, const LayerJob& job, const ValuePlan& values)
    : samples_(samples),
      job_(job),
      row_shape_(OutputRowShape(job.sample_shape, job.layout)),
      channels_(job.sample_shape.front()) {
  for (size_t i = 1; i < job.sample_shape.size(); ++i) plane_ *= job.sample_shape[i];
  mean_ = Each(values.mean, size_t(channels_), 0.0);
  std_ = Each(values.std, size_t(channels_), 1.0);
  scale_ = values.rescale ? job.scale : 1.0;
}

std::unique_ptr<RowSource::Worker> TensorRows::MakeWorker() const {
  return std::make_unique<Maker>(*this);
}

}  // namespace imnorm
