// The words that stand for a plan's choices in JSON and on the command line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/plan.h"

namespace imnorm {

template <typename E>
struct Word {
  E value;
  std::string_view text;
};

// All words of a choice, in the order in which they are listed to people.
template <typename E>
std::span<const Word<E>> Words();
template <>
std::span<const Word<Engine>> Words<Engine>();
template <>
std::span<const Word<ExifPolicy>> Words<ExifPolicy>();
template <>
std::span<const Word<ChannelOrder>> Words<ChannelOrder>();
template <>
std::span<const Word<Method>> Words<Method>();
template <>
std::span<const Word<Filter>> Words<Filter>();
template <>
std::span<const Word<ResizeKind>> Words<ResizeKind>();
template <>
std::span<const Word<ResizeEngine>> Words<ResizeEngine>();
template <>
std::span<const Word<CropRounding>> Words<CropRounding>();
template <>
std::span<const Word<Arithmetic>> Words<Arithmetic>();
template <>
std::span<const Word<DType>> Words<DType>();
template <>
std::span<const Word<Layout>> Words<Layout>();

// "unknown filter "bilnear": did you mean "bilinear"?", or the list of known words.
std::string UnknownWord(std::string_view what, std::string_view text,
                        const std::vector<std::string>& known);

template <typename E>
std::string_view WordOf(E value) {
  for (const Word<E>& word : Words<E>()) {
    if (word.value == value) return word.text;
  }
  return "";
}

// The choice that a word stands for; `what` names the choice in the message.
//
// Errors:   kBadArgument, with the nearest word or the list of all
template <typename E>
Result<E> ParseWord(std::string_view what, std::string_view text) {
  std::vector<std::string> known;
  for (const Word<E>& word : Words<E>()) {
    if (word.text == text) return word.value;
    known.emplace_back(word.text);
  }
  return Fail(ErrorCode::kBadArgument, UnknownWord(what, text, known));
}

// An alpha policy and its background as one word: drop, mask, white, black or #rrggbb.
//
// Errors:   kBadArgument
struct AlphaChoice {
  AlphaPolicy policy = AlphaPolicy::kDrop;
  uint8_t background[3] = {255, 255, 255};
};
Result<AlphaChoice> ParseAlpha(std::string_view text);
std::string AlphaWord(AlphaPolicy policy, const uint8_t background[3]);

}  // namespace imnorm
