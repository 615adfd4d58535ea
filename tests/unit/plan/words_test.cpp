// The tables of words: complete, and read back as they are written.
#include "imnorm/words.h"

#include <catch2/catch.hpp>
#include <set>

namespace imnorm {
namespace {

// Whether each word of a choice and each value up to the last stands in its table once.
template <typename E>
void CheckTable() {
  std::set<std::string_view> texts;
  std::set<int> values;
  for (const Word<E>& word : Words<E>()) {
    CAPTURE(word.text);
    CHECK(texts.insert(word.text).second);
    CHECK(values.insert(int(word.value)).second);
    CHECK(ParseWord<E>("choice", word.text).value() == word.value);
    CHECK(WordOf(word.value) == word.text);
  }
  REQUIRE_FALSE(values.empty());
  CHECK(*values.begin() == 0);
  CHECK(*values.rbegin() == int(values.size()) - 1);
}

}  // namespace

TEST_CASE("every choice has a word of its own, which leads back to it", "[plan]") {
  CheckTable<Engine>();
  CheckTable<ExifPolicy>();
  CheckTable<ChannelOrder>();
  CheckTable<Method>();
  CheckTable<Filter>();
  CheckTable<ResizeKind>();
  CheckTable<ResizeEngine>();
  CheckTable<CropRounding>();
  CheckTable<Arithmetic>();
  CheckTable<Layout>();
  CheckTable<JpegDecoder>();
  CheckTable<PngDecoder>();
  CheckTable<SampleKind>();
  CheckTable<PixelWeight>();
}

TEST_CASE("the element types of outputs are those that the one table says", "[plan]") {
  size_t outputs = 0;
  for (const ElementTypeRow& row : kElementTypes) {
    CAPTURE(row.word);
    CHECK(ParseWord<ElementType>("dtype", row.word).has_value() == row.is_output);
    outputs += row.is_output;
  }
  CHECK(Words<ElementType>().size() == outputs);
}

TEST_CASE("a word that is near a known one is answered with it, another with all", "[plan]") {
  CHECK(ParseWord<Filter>("filter", "bilnear").error().message ==
        "unknown filter \"bilnear\": did you mean \"bilinear\"?");
  const std::string all = ParseWord<Layout>("layout", "planes").error().message;
  CHECK(all == "unknown layout \"planes\"; known: nchw, nhwc");
  CHECK(NearestWord("", {"nchw"}) == "");
  CHECK(NearestWord("NCHW", {"nchw"}) == "nchw");
  CHECK(NearestWord(std::string(1000, 'n'), {"nchw"}) == "");
}

TEST_CASE("an alpha policy and its background are one word", "[plan]") {
  for (const char* word : {"drop", "mask", "#000000", "#ffffff", "#0102fe"}) {
    const auto choice = ParseAlpha(word);
    REQUIRE(choice);
    CHECK(AlphaWord(choice->policy, choice->background) == word);
  }
  CHECK(ParseAlpha("black")->background[1] == 0);
  CHECK(ParseAlpha("white")->background[1] == 255);
  for (const char* word : {"", "#12345", "#1234567", "#12345g", "#+12345", "wite"}) {
    CAPTURE(word);
    CHECK_FALSE(ParseAlpha(word));
  }
}

}  // namespace imnorm
