// Words and numbers of option values, each refused with what would be right.
#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imnorm/error.h"
#include "imnorm/geometry.h"
#include "imnorm/job.h"
#include "imnorm/plan.h"
#include "imnorm/words.h"

namespace imnorm::cli {

// Refuses a word: names the option, the nearest word and all of them.
tl::unexpected<Error> NoSuchWord(std::string_view option, std::string_view word,
                                 const std::vector<std::string>& known);

// The choice that an option's word stands for.
//
// Errors:   kBadArgument, as NoSuchWord
template <typename E>
Result<E> ParseOptionWord(std::string_view option, std::string_view text) {
  for (const Word<E>& word : Words<E>()) {
    if (word.text == text) return word.value;
  }
  return NoSuchWord(option, text, WordTexts<E>());
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

// "500M", "2G", "65536": bytes, in powers of 1024; also "500MB" and "500MiB".
Result<uint64_t> ParseBytes(std::string_view option, std::string_view text);

// "I/N", 1 <= I <= N <= kMostShards.
constexpr uint64_t kMostShards = 1'000'000;
Result<Shard> ParseShard(std::string_view text);

}  // namespace imnorm::cli
