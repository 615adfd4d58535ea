// The first axis of a tensor as samples.
#include <fmt/format.h>

#include "imnorm/layers.h"
#include "tensor/tensor_layout.h"

namespace imnorm {

TensorSamples::TensorSamples(TensorFile file) : file_(std::move(file)), sample_elements_(1) {
  for (size_t i = 1; i < file_.shape().size(); ++i) sample_elements_ *= file_.shape()[i];
}

int64_t TensorSamples::count() const { return file_.shape()[0]; }

Result<void> TensorSamples::Read(int64_t first, int64_t count, void* out) {
  return file_.Read(first * sample_elements_, count * sample_elements_, out);
}

Result<void> DescribeTensor(const TensorFile& file, LayerJob* job) {
  const std::vector<int64_t>& shape = file.shape();
  if (shape.size() < 2 || shape.size() > 4) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("its shape {} is none of (N,C), (N,C,L), (N,C,H,W)", ShapeText(shape)));
  }
  if (file.elements() == 0) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("its shape {} has no elements", ShapeText(shape)));
  }
  job->input = file.type();
  job->sample_shape.assign(shape.begin() + 1, shape.end());
  return {};
}

int64_t OutputSamples(const LayerJob& job, int64_t samples) {
  const int64_t batch = job.layer.batch_size;
  return job.layer.drop_last && batch > 0 ? samples / batch * batch : samples;
}

}  // namespace imnorm
