// Reads and sums one sample after another.
#include "pipeline/tensor_sums.h"

#include <algorithm>

#include "normalize/layers/elements.h"

namespace imnorm {
namespace {

// Sums of planes of unsigned integers: plain loops, since the compiler vectorises them.
template <typename T>
void AddPlanes(const T* planes, const PlaneShape& shape, PictureSums& sums) {
  const size_t plane = shape.plane();
  const auto channels = size_t(shape.channels);
  size_t pair = 0;
  for (size_t c = 0; c < channels; ++c) {
    const T* a = planes + c * plane;
    uint64_t sum = 0;
    uint64_t squares = 0;
    for (size_t i = 0; i < plane; ++i) {
      sum += a[i];
      squares += uint64_t(a[i]) * a[i];
    }
    sums.sum[c] = sum;
    sums.sum_squares[c] = squares;
    const auto [min, max] = std::minmax_element(a, a + plane);
    sums.min[c] = *min;
    sums.max[c] = *max;
    if (!sums.histogram.empty()) {
      uint64_t* histogram = sums.histogram.data() + c * size_t(sums.levels);
      for (size_t i = 0; i < plane; ++i) ++histogram[a[i]];
    }
    for (size_t d = c + 1; d < channels && !sums.cross.empty(); ++d) {
      const T* b = planes + d * plane;
      uint64_t product = 0;
      for (size_t i = 0; i < plane; ++i) product += uint64_t(a[i]) * b[i];
      sums.cross[pair++] = product;
    }
  }
}

}  // namespace

class TensorSums::Adder : public SumsSource::Worker {
 public:
  explicit Adder(const TensorSums& source) : source_(source) {}

  void Make(size_t item, MadeSums& sums) override {
    const size_t elements = size_t(source_.shape_.channels) * source_.shape_.plane();
    bytes_.resize(elements * ElementBytes(source_.type_));
    auto done = source_.samples_.Read(int64_t(source_.first_ + item), 1, bytes_.data());
    if (done) done = Add(elements, sums);
    if (!done) {
      sums.outcome.decoded = Failed(done);
      return;
    }
    sums.outcome.decoded = DecodeReport();
    sums.outcome.width = source_.shape_.width;
    sums.outcome.height = source_.shape_.height;
  }

 private:
  Result<void> Add(size_t elements, MadeSums& sums) {
    const PlaneShape& shape = source_.shape_;
    if (source_.type_ == ElementType::kU8 || source_.type_ == ElementType::kU16) {
      AddIntegers(bytes_.data(), sums.integers);
      return {};
    }
    if (!sums.floats) sums.floats.emplace();
    sums.floats->Reset(shape.width, shape.height, shape.channels, source_.settings_.cross);
    const size_t plane = shape.plane();
    if (source_.type_ == ElementType::kF32) {
      AddFloatPixels(reinterpret_cast<const float*>(bytes_.data()), plane, 1, plane, &*sums.floats);
      return {};
    }
    if (auto widened = Widen(elements); !widened) return widened;
    AddFloatPixels(wide_.data(), plane, 1, plane, &*sums.floats);
    return {};
  }

  void AddIntegers(const uint8_t* bytes, PictureSums& sums) {
    const auto channels = size_t(source_.shape_.channels);
    sums.width = source_.shape_.width;
    sums.height = source_.shape_.height;
    sums.channels = source_.shape_.channels;
    sums.levels = source_.type_ == ElementType::kU16 ? 65536 : 256;
    sums.pixels = source_.shape_.plane();
    sums.sum.assign(channels, 0);
    sums.sum_squares.assign(channels, 0);
    sums.min.assign(channels, 0);
    sums.max.assign(channels, 0);
    sums.cross.assign(source_.settings_.cross ? channels * (channels - 1) / 2 : 0, 0);
    sums.histogram.assign(source_.settings_.histogram ? channels * size_t(sums.levels) : 0, 0);
    if (source_.type_ == ElementType::kU16) {
      AddPlanes(reinterpret_cast<const uint16_t*>(bytes), source_.shape_, sums);
    } else {
      AddPlanes(bytes, source_.shape_, sums);
    }
  }

  // Every type but float32 and int64 fits a double.
  //
  // Errors:   kUnsupported: an int64 that a double would round
  Result<void> Widen(size_t elements) {
    wide_.resize(elements);
    const auto copy = [&](auto zero) -> Result<void> {
      const auto* from = reinterpret_cast<const decltype(zero)*>(bytes_.data());
      std::copy_n(from, elements, wide_.begin());
      return {};
    };
    switch (source_.type_) {
      case ElementType::kF64:
        return copy(double{});
      case ElementType::kI8:
        return copy(int8_t{});
      case ElementType::kBool:
        for (uint8_t& b : bytes_) b = b != 0;
        return copy(uint8_t{});
      case ElementType::kI16:
        return copy(int16_t{});
      case ElementType::kI32:
        return copy(int32_t{});
      case ElementType::kI64: {
        const auto* from = reinterpret_cast<const int64_t*>(bytes_.data());
        constexpr int64_t kMost = int64_t{1} << 53;
        if (std::any_of(from, from + elements, [](int64_t v) { return v < -kMost || v > kMost; })) {
          return Fail(ErrorCode::kUnsupported, "int64 values beyond 2^53 cannot be added exactly");
        }
        return copy(int64_t{});
      }
      default:
        break;
    }
    std::vector<float> block(kLayerBlock);
    for (size_t at = 0; at < elements; at += kLayerBlock) {
      const size_t n = std::min(kLayerBlock, elements - at);
      const float* from = AsFloat32(source_.type_, bytes_.data() + at * ElementBytes(source_.type_),
                                    n, block.data());
      std::copy_n(from, n, wide_.begin() + ptrdiff_t(at));
    }
    return {};
  }

  const TensorSums& source_;
  std::vector<uint8_t> bytes_;
  std::vector<double> wide_;
};

std::unique_ptr<SumsSource::Worker> TensorSums::MakeWorker() const {
  return std::make_unique<Adder>(*this);
}

}  // namespace imnorm
