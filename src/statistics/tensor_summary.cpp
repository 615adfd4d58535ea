// Exact sums a channel, gathered block by block.
#include "imnorm/tensor_summary.h"

#include <algorithm>

#include "imnorm/statistics.h"
#include "statistics/dyadic.h"
#include "statistics/element_values.h"

namespace imnorm {
namespace {

constexpr int64_t kMostChannels = 64;
constexpr int64_t kBlock = int64_t{1} << 16;

// Grey, colour, colour with alpha.
bool LikeChannels(int64_t side) { return side == 1 || side == 3 || side == 4; }

ValueSummary SummaryOf(const FloatSums& sums) {
  ValueSummary summary;
  summary.values = sums.pixels + sums.nonfinite_pixels;
  summary.nan = sums.nan[0];
  summary.positive_infinity = sums.positive_infinity[0];
  summary.negative_infinity = sums.negative_infinity[0];
  if (sums.pixels == 0) return summary;
  const Dyadic n(sums.pixels);
  const Dyadic sum(sums.sum[0]);
  summary.mean = RoundRatio(sum, n);
  summary.std = RoundSqrtRatio(n * Dyadic(sums.sum_squares[0]) - sum * sum, n * n);
  summary.min = sums.min[0];
  summary.max = sums.max[0];
  return summary;
}

}  // namespace

ChannelAxis ChannelAxisOf(const std::vector<int64_t>& shape, std::optional<Layout> layout) {
  ChannelAxis channels;
  const size_t rank = shape.size();
  if (rank == 4 || rank == 3) {
    const size_t first = rank - 3;
    const bool last = layout ? *layout == Layout::kNhwc
                             : LikeChannels(shape.back()) && !LikeChannels(shape[first]);
    const bool known = rank == 4 || last || LikeChannels(shape[first]);
    if (!known) return channels;
    channels.axis = last ? rank - 1 : first;
    channels.layout = last ? "hwc" : "chw";
    if (rank == 4) channels.layout.insert(0, "n");
  } else if (rank == 2) {
    channels.axis = 1;
    channels.layout = "nc";
  }
  if (channels.axis && shape[*channels.axis] > kMostChannels) channels.axis.reset();
  return channels;
}

struct TensorSummarizer::State {
  ElementType type;
  int64_t channels = 1;
  int64_t inner = 1;  // elements from one channel to the next
  std::vector<FloatSums> sums;
  std::vector<double> values;
  std::vector<std::vector<double>> gathered;  // a channel's values of a block
};

TensorSummarizer::TensorSummarizer(ElementType type, std::vector<int64_t> shape,
                                   const ChannelAxis& channels)
    : state_(std::make_unique<State>()) {
  State& s = *state_;
  s.type = type;
  if (channels.axis) {
    s.channels = shape[*channels.axis];
    for (size_t i = *channels.axis + 1; i < shape.size(); ++i) s.inner *= shape[i];
  }
  s.sums.resize(size_t(s.channels));
  for (FloatSums& sums : s.sums) sums.Reset(0, 0, 1, /*with_cross=*/false);
  s.gathered.resize(size_t(s.channels));
}

TensorSummarizer::TensorSummarizer(TensorSummarizer&&) noexcept = default;
TensorSummarizer::~TensorSummarizer() = default;

void TensorSummarizer::Add(const uint8_t* elements, int64_t first, int64_t count) {
  State& s = *state_;
  for (int64_t at = 0; at < count; at += kBlock) {
    const int64_t n = std::min(kBlock, count - at);
    s.values.resize(size_t(n));
    ElementsToDouble(s.type, elements + size_t(at) * ElementBytes(s.type), size_t(n),
                     s.values.data());
    for (int64_t i = 0; i < n;) {
      const int64_t place = first + at + i;
      // An inner of the whole tensor where there is one channel.
      const int64_t run = s.channels == 1 ? n : std::min(s.inner - place % s.inner, n - i);
      const auto channel = size_t(s.channels == 1 ? 0 : place / s.inner % s.channels);
      s.gathered[channel].insert(s.gathered[channel].end(), s.values.begin() + i,
                                 s.values.begin() + i + run);
      i += run;
    }
    for (size_t c = 0; c < s.gathered.size(); ++c) {
      std::vector<double>& gathered = s.gathered[c];
      AddFloatPixels(gathered.data(), gathered.size(), 1, 1, &s.sums[c]);
      gathered.clear();
    }
  }
}

std::vector<ValueSummary> TensorSummarizer::Finish() const {
  std::vector<ValueSummary> summaries;
  for (const FloatSums& sums : state_->sums) summaries.push_back(SummaryOf(sums));
  return summaries;
}

Result<std::vector<ValueSummary>> SummarizeTensor(const TensorFile& file,
                                                  const ChannelAxis& channels, const Stop& stop) {
  TensorSummarizer summarizer(file.type(), file.shape(), channels);
  std::vector<uint8_t> block(size_t(kBlock) * ElementBytes(file.type()));
  const int64_t elements = file.elements();
  for (int64_t at = 0; at < elements; at += kBlock) {
    if (stop()) return Fail(ErrorCode::kCancelled, "stopped");
    const int64_t count = std::min(kBlock, elements - at);
    if (auto read = file.Read(at, count, block.data()); !read) return Failed(read);
    summarizer.Add(block.data(), at, count);
  }
  return summarizer.Finish();
}

}  // namespace imnorm
