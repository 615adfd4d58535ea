// What stands behind the last row: damage, or a word about it.
#include "decode/png/ending.h"

#include <catch2/catch.hpp>
#include <string>

#include "imnorm/decode.h"
#include "support/png_files.h"

namespace imnorm {
namespace {

using png_files::File;
using png_files::Recipe;

const Recipe kRecipe{.width = 19, .height = 23};

File RowsAndMore(size_t more) {
  File rows = png_files::Rows(kRecipe);
  rows.resize(rows.size() + more, 0);
  return rows;
}

// What both decoders say: "" and the note, or the error.
struct Said {
  std::string error, note;
};
Said Decoded(const File& stream, size_t idat_bytes = 0) {
  Recipe recipe = kRecipe;
  recipe.idat_bytes = idat_bytes;
  Said said[2];
  for (const PngDecoder png : {PngDecoder::kAuto, PngDecoder::kSpng}) {
    DecodeOptions options;
    options.png = png;
    Decoder decoder;
    Image image;
    const auto report = decoder.Decode(png_files::MakeOfStream(recipe, stream), options, image);
    Said& one = said[int(png)];
    if (!report) {
      CHECK(report.error().code == ErrorCode::kCorrupt);
      one.error = report.error().message;
    } else if (!report->notes.empty()) {
      one.note = report->notes.front().text;
    }
  }
  CHECK(said[0].error == said[1].error);
  CHECK(said[0].note == said[1].note);
  return said[0];
}

TEST_CASE("a stream of more pixels than the picture has is read with a note if its sum is right",
          "[png]") {
  for (const size_t more : {1, 58, 1000, 100000}) {
    for (const size_t idat_bytes : {size_t{0}, size_t{1}, size_t{100}}) {
      const Said said = Decoded(png_files::Deflate(RowsAndMore(more)), idat_bytes);
      CHECK(said.error == "");
      CHECK(said.note == "harmless to the pixels: more of them than the picture has");
    }
  }
}

TEST_CASE("a stream of more pixels than the picture has is damage if its sum is wrong", "[png]") {
  for (const size_t more : {0, 1, 58, 100000}) {
    File stream = png_files::Deflate(RowsAndMore(more));
    stream.back() ^= 1;
    const Said said = Decoded(stream);
    CHECK(said.note == "");
    CHECK(said.error == (more == 0 ? "IDAT stream error"
                                   : "the stream of pixels is damaged behind the last row: "
                                     "incorrect data check"));
  }
}

TEST_CASE("a stream that is damaged or cut behind the last row is damage", "[png]") {
  const File sound = png_files::Deflate(RowsAndMore(3000), 0);  // stored: a block a 64 KB
  File cut = sound;
  cut.resize(sound.size() - 2000);
  CHECK(Decoded(cut).error == "the stream of pixels ends before its checksum");
  const File whole = png_files::Deflate(png_files::Rows(kRecipe));
  for (size_t missing = 1; missing <= 4; ++missing) {
    CHECK(Decoded(File(whole.begin(), whole.end() - ptrdiff_t(missing))).error ==
          "the stream of pixels ends before its checksum");
  }
}

TEST_CASE("bytes behind the stream, in its chunk or another, make a note", "[png]") {
  for (const size_t more : {1, 4, 200}) {
    for (const size_t idat_bytes : {size_t{0}, size_t{1}, size_t{100}}) {
      File stream = png_files::Deflate(png_files::Rows(kRecipe));
      stream.resize(stream.size() + more, 7);
      const Said said = Decoded(stream, idat_bytes);
      CHECK(said.error == "");
      CHECK(said.note == "harmless to the pixels: something follows their stream");
    }
  }
}

TEST_CASE("a sound PNG has no word about its end", "[png]") {
  for (const size_t idat_bytes : {size_t{0}, size_t{1}, size_t{100}}) {
    const Said said = Decoded(png_files::Deflate(png_files::Rows(kRecipe)), idat_bytes);
    CHECK(said.error == "");
    CHECK(said.note == "");
  }
}

TEST_CASE("following a stream to its end stops when it is told to", "[png]") {
  const File file = png_files::MakeOfStream(kRecipe, png_files::Deflate(RowsAndMore(1000000)));
  const auto ending = png::CheckEnding(file, 1, Stop([] { return true; }));
  REQUIRE_FALSE(ending);
  CHECK(ending.error().code == ErrorCode::kCancelled);
}

}  // namespace
}  // namespace imnorm
