// Words and numbers of option values, each refused with what would be right.
#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/geometry.h"
#include "imnorm/job.h"
#include "imnorm/plan.h"

namespace imnorm::cli {

// Refuses a word: names the option, the nearest word and all of them.
tl::unexpected<Error> NoSuchWord(std::string_view option, std::string_view word,
                                 const std::vector<std::string_view>& known);

// Looks a word up in a table of {word, value}.
//
// Errors:   kBadArgument, as NoSuchWord
template <typename T, size_t N>
Result<T> ParseWord(std::string_view option, std::string_view word,
                    const std::array<std::pair<std::string_view, T>, N>& table) {
  std::vector<std::string_view> known;
  for (const auto& [name, value] : table) {
    if (name == word) return value;
    known.push_back(name);
  }
  return NoSuchWord(option, word, known);
}

// The same for the words of an enum, in the order of its values.
template <typename E, size_t N>
Result<E> ParseWord(std::string_view option, std::string_view word,
                    const std::array<std::string_view, N>& words) {
  for (size_t i = 0; i < N; ++i) {
    if (words[i] == word) return E(i);
  }
  return NoSuchWord(option, word, {words.begin(), words.end()});
}

// The whole of a text as one number: int, int64_t, uint64_t or double.
//
// Errors:   kBadArgument, with the text and what would be a number
template <typename T>
Result<T> ParseNumber(std::string_view text);

// "0.485,0.456,0.406" -> numbers.
Result<std::vector<double>> ParseNumbers(std::string_view option, std::string_view text);

// "N", "N,max:M", "WxH", "long:N", "letterbox:WxH" or "none" into plan.kind, size, width, height.
Result<void> ParseResize(std::string_view text, ResizePlan& plan);

// "N", "WxH" or "none".
Result<void> ParseCrop(std::string_view text, CropPlan& plan);

// "white", "black" or "#rrggbb".
Result<std::array<uint8_t, 3>> ParseColour(std::string_view option, std::string_view text);

// "I/N", 1 <= I <= N <= kMostShards.
constexpr uint64_t kMostShards = 1'000'000;
Result<Shard> ParseShard(std::string_view text);

}  // namespace imnorm::cli
