// What the values of a tensor are, channel by channel.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "imnorm/element_type.h"
#include "imnorm/error.h"
#include "imnorm/stop.h"
#include "imnorm/tensor.h"
#include "imnorm/values.h"

namespace imnorm {

// Where a tensor's channels lie.
struct ChannelAxis {
  std::optional<size_t> axis;  // none: all values are one channel
  std::string layout;          // a letter an axis, "nchw"; "" where nothing says what they are
};

// Takes the axes of a shape for what pictures have.
//
// Rules:    (N,C,H,W) as `layout` says, where nothing does (N,H,W,C) where only the last axis may
//           be grey, colour or colour with alpha; (C,H,W), (H,W,C) likewise; (N,C). More than 64
//           channels are none
ChannelAxis ChannelAxisOf(const std::vector<int64_t>& shape, std::optional<Layout> layout = {});

struct ValueSummary {
  uint64_t values = 0;  // NaN and infinities among them, which nothing below is made of
  uint64_t nan = 0;
  uint64_t positive_infinity = 0;
  uint64_t negative_infinity = 0;
  std::optional<double> mean, std, min, max;  // none: there is no finite value
};

// Adds up elements as they come.
//
// Numbers:  sums are exact and rounded once; std has no degree of freedom taken off. int64 is taken
//           in double
class TensorSummarizer {
 public:
  // Elements of a tensor of this shape; the channel of one depends on its place alone, so that
  // further tensors of the shape may follow the first.
  TensorSummarizer(ElementType type, std::vector<int64_t> shape, const ChannelAxis& channels);
  TensorSummarizer(TensorSummarizer&&) noexcept;
  ~TensorSummarizer();

  // Adds elements [first, first + count) of it, little-endian.
  void Add(const uint8_t* elements, int64_t first, int64_t count);

  // One a channel.
  std::vector<ValueSummary> Finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Summarises a tensor in bounded memory.
//
// Errors:   those of TensorFile::Read; kCancelled
Result<std::vector<ValueSummary>> SummarizeTensor(const TensorFile& file,
                                                  const ChannelAxis& channels,
                                                  const Stop& stop = {});

}  // namespace imnorm
