// A tensor as samples: its channels brought before its planes.
#include <fmt/format.h>

#include "imnorm/layers.h"
#include "normalize/layers/elements.h"
#include "tensor/tensor_layout.h"

namespace imnorm {

TensorSamples::TensorSamples(TensorFile file, const TensorAxes& axes)
    : file_(std::move(file)), axes_(axes), count_(axes.samples ? file_.shape()[0] : 1) {
  const std::vector<int64_t> sample = axes.SampleShape(file_.shape());
  channels_ = sample.front();
  for (size_t i = 1; i < sample.size(); ++i) plane_ *= sample[i];
}

int64_t TensorSamples::count() const { return count_; }

Result<void> TensorSamples::Read(int64_t first, int64_t count, void* out) {
  const int64_t elements = channels_ * plane_;
  if (axes_.channels != ChannelAxis::kLast || channels_ == 1 || plane_ == 1) {
    return file_.Read(first * elements, count * elements, out);
  }
  const size_t size = ElementBytes(file_.type());
  std::vector<uint8_t> pixels(size_t(elements) * size);
  auto* planes = static_cast<uint8_t*>(out);
  for (int64_t n = first; n < first + count; ++n, planes += pixels.size()) {
    auto read = file_.Read(n * elements, elements, pixels.data());
    if (!read) return read;
    // Pixels [plane][channels] are planes of as many "channels" as a plane has pixels.
    InterleavePlanes(pixels.data(), plane_, channels_, size, planes);
  }
  return {};
}

Result<TensorAxes> DescribeTensor(const TensorFile& file, std::string_view layout, LayerJob* job) {
  const std::vector<int64_t>& shape = file.shape();
  if (file.elements() == 0) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("its shape {} has no elements", ShapeText(shape)));
  }
  auto axes = AxesOf(shape, layout);
  if (!axes) return axes;
  job->input = file.type();
  job->sample_shape = axes->SampleShape(shape);
  return axes;
}

int64_t OutputSamples(const LayerJob& job, int64_t samples) {
  const int64_t batch = job.layer.batch_size;
  return job.layer.drop_last && batch > 0 ? samples / batch * batch : samples;
}

}  // namespace imnorm
