// The words that stand for choices in JSON, on the command line and in messages: one table a
// choice.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "imnorm/plan.h"
#include "imnorm/statistics.h"

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
std::span<const Word<IccPolicy>> Words<IccPolicy>();
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
std::span<const Word<SideRounding>> Words<SideRounding>();
template <>
std::span<const Word<MultipleRounding>> Words<MultipleRounding>();
template <>
std::span<const Word<SmartRule>> Words<SmartRule>();
template <>
std::span<const Word<TileRule>> Words<TileRule>();
template <>
std::span<const Word<TileFit>> Words<TileFit>();
template <>
std::span<const Word<OpencvRelease>> Words<OpencvRelease>();
template <>
std::span<const Word<Overview>> Words<Overview>();
template <>
std::span<const Word<PatchNumbers>> Words<PatchNumbers>();
template <>
std::span<const Word<PatchElements>> Words<PatchElements>();
template <>
std::span<const Word<CropRounding>> Words<CropRounding>();
template <>
std::span<const Word<Arithmetic>> Words<Arithmetic>();
template <>  // those that outputs may have
std::span<const Word<ElementType>> Words<ElementType>();
template <>
std::span<const Word<Layout>> Words<Layout>();
template <>
std::span<const Word<JpegDecoder>> Words<JpegDecoder>();
template <>
std::span<const Word<PngDecoder>> Words<PngDecoder>();
template <>
std::span<const Word<SampleKind>> Words<SampleKind>();
template <>
std::span<const Word<PixelWeight>> Words<PixelWeight>();
template <>
std::span<const Word<StdOf>> Words<StdOf>();
template <>
std::span<const Word<EmitFormat>> Words<EmitFormat>();

// The known word nearest to a misspelt one (edit distance at most a third of its length), or "".
std::string NearestWord(std::string_view word, const std::vector<std::string>& known);

// "unknown filter "bilnear": did you mean "bilinear"?", or the list of known words.
std::string UnknownWord(std::string_view what, std::string_view text,
                        const std::vector<std::string>& known);

// Their texts alone.
template <typename E>
std::vector<std::string> WordTexts() {
  std::vector<std::string> texts;
  for (const Word<E>& word : Words<E>()) texts.emplace_back(word.text);
  return texts;
}

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
  for (const Word<E>& word : Words<E>()) {
    if (word.text == text) return word.value;
  }
  return Fail(ErrorCode::kBadArgument, UnknownWord(what, text, WordTexts<E>()));
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
