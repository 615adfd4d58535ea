// Makes inputs of the frames of files.
#include "source/frames.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "imnorm/probe.h"
#include "source/read_input.h"

namespace imnorm {
namespace {

constexpr uint64_t kMostFrames = std::numeric_limits<int32_t>::max();

// No codec reads a larger file.
constexpr uint64_t kMostBytes = uint64_t{1} << 30;

Input FrameOf(const Input& input, uint64_t frame) {
  Input one = input;
  one.frame = int32_t(frame);
  one.path += fmt::format("#{}", frame);
  return one;
}

// How many frames its headers tell of, and it has room for: some formats say a number that nothing
// stands behind. 1 where they tell of nothing.
uint64_t FramesOf(const Input& input, std::vector<uint8_t>& bytes) {
  constexpr uint64_t kLeastBytes = 12;  // no format has a shorter frame, with what tells of it
  if (!ReadInput(input, kMostBytes, bytes)) return 1;
  const auto info = Probe(bytes);
  const uint64_t most = std::min(kMostFrames, bytes.size() / kLeastBytes);
  return info ? std::min(info->frames, most) : 1;
}

}  // namespace

std::string_view Input::file() const {
  const std::string_view whole = path;
  return frame < 0 ? whole : whole.substr(0, whole.rfind('#'));
}

void ChooseFrames(const InputOptions& options, InputList& list) {
  std::vector<Input> chosen;
  chosen.reserve(list.inputs.size());
  std::vector<uint8_t> bytes;
  for (Input& input : list.inputs) {
    const bool unread = input.list_error != 0 || input.refused != nullptr;
    const uint64_t frames = unread || options.frame ? 1 : FramesOf(input, bytes);
    if (!unread && options.frame) {
      chosen.push_back(FrameOf(input, *options.frame));
    } else if (frames > 1) {
      for (uint64_t i = 0; i < frames; ++i) chosen.push_back(FrameOf(input, i));
    } else {
      chosen.push_back(std::move(input));
    }
  }
  list.inputs = std::move(chosen);
}

}  // namespace imnorm
