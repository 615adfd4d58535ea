// The rules by which a file is ours; each one broken alone leaves it to libspng.
#include "decode/png/header.h"

#include <catch2/catch.hpp>
#include <string>

#include "support/png_compare.h"
#include "support/png_files.h"

namespace imnorm::png {
namespace {

using png_files::Chunk;
using png_files::File;
using png_files::Join;
using png_files::Recipe;

const Recipe kRecipe{.width = 9, .height = 5};
const Recipe kPalette{.width = 9, .height = 5, .color = 3, .depth = 4, .colors = 16};

File DataOf(const Recipe& recipe) {
  return png_files::Data(png_files::Deflate(png_files::Rows(recipe)));
}

// Why a file is left; the verdict on it must be libspng's in any case.
std::string ReasonFor(std::initializer_list<File> parts) {
  File file = png_files::Signature();
  for (const File& part : parts) file.insert(file.end(), part.begin(), part.end());
  Decoder decoder;
  for (unsigned n = 0; n < 36; ++n) {
    CHECK(png_compare::Compare(decoder, file, png_compare::OptionsNumber(n)).complaint == "");
  }
  Header header;
  return std::string(ReadHeader(file, header));
}

const File kEnd = png_files::End();

TEST_CASE("a PNG with all chunks in their places is ours", "[png]") {
  const File ihdr = png_files::Ihdr(kRecipe), data = DataOf(kRecipe);
  const File text = Chunk("tEXt", {1, 2, 3});
  CHECK(ReasonFor({ihdr, data, kEnd}) == "");
  CHECK(ReasonFor({ihdr, text, data, text, kEnd, text}) == "");
  CHECK(ReasonFor({ihdr, Chunk("PLTE", File(30)), data, kEnd}) == "");
  CHECK(ReasonFor({ihdr, Chunk("tRNS", File(6)), data, kEnd}) == "");
  CHECK(ReasonFor({png_files::Ihdr(kPalette), png_files::Palette(kPalette), Chunk("tRNS", File(16)),
                   DataOf(kPalette), kEnd}) == "");
}

TEST_CASE("a PNG with chunks out of place is left to libspng", "[png]") {
  const File ihdr = png_files::Ihdr(kRecipe), data = DataOf(kRecipe);
  const File text = Chunk("tEXt", {1, 2, 3}), plte = Chunk("PLTE", File(30));
  CHECK(ReasonFor({data, kEnd}) == "IHDR is not the first chunk, once");
  CHECK(ReasonFor({text, ihdr, data, kEnd}) == "IHDR is not the first chunk, once");
  CHECK(ReasonFor({ihdr, ihdr, data, kEnd}) == "IHDR is not the first chunk, once");
  CHECK(ReasonFor({ihdr, data, text, data, kEnd}) == "a chunk between the pixels");
  CHECK(ReasonFor({ihdr, data, plte, kEnd}) == "a palette where none belongs");
  CHECK(ReasonFor({ihdr, plte, plte, data, kEnd}) == "a palette where none belongs");
  CHECK(ReasonFor({ihdr, Chunk("tRNS", File(6)), plte, data, kEnd}) ==
        "a palette where none belongs");
  CHECK(ReasonFor({ihdr, data, Chunk("tRNS", File(6)), kEnd}) == "tRNS where none belongs");
  CHECK(ReasonFor({ihdr, Chunk("tRNS", File(6)), Chunk("tRNS", File(6)), data, kEnd}) ==
        "tRNS where none belongs");
  CHECK(ReasonFor({png_files::Ihdr({.color = 6}), Chunk("tRNS", File(6)), DataOf({.color = 6}),
                   kEnd}) == "tRNS where none belongs");
  CHECK(ReasonFor({png_files::Ihdr({.color = 0}), plte, DataOf({.color = 0}), kEnd}) ==
        "a palette where none belongs");
  CHECK(ReasonFor({png_files::Ihdr(kPalette), DataOf(kPalette), kEnd}) == "no palette");
  CHECK(ReasonFor({ihdr, kEnd}) == "no pixels");
  CHECK(ReasonFor({ihdr, data}) == "ends before its end");
  CHECK(ReasonFor({ihdr, data, File{0, 0, 0, 0, 'I', 'E', 'N', 'D'}}) == "ends before its end");
  CHECK(ReasonFor({ihdr, data, File{0, 0, 0, 1, 'I', 'E', 'N', 'D', 1, 2, 3, 4}}) ==
        "ends before its end");
  CHECK(ReasonFor({ihdr, Chunk("ABCD", {}), data, kEnd}) == "a critical chunk that is not known");
}

TEST_CASE("a PNG with chunks of other lengths or contents is left to libspng", "[png]") {
  const File ihdr = png_files::Ihdr(kRecipe), data = DataOf(kRecipe);
  const File palette_data = DataOf(kPalette);
  CHECK(ReasonFor({Chunk("IHDR", File(12, 1)), data, kEnd}) == "IHDR of another length");
  CHECK(ReasonFor({ihdr, data, Chunk("IEND", {1})}) == "an end that holds something");
  CHECK(ReasonFor({ihdr, Chunk("PLTE", File(31)), data, kEnd}) == "a palette of another length");
  CHECK(ReasonFor({ihdr, Chunk("PLTE", {}), data, kEnd}) == "a palette of another length");
  CHECK(ReasonFor({png_files::Ihdr(kPalette), Chunk("PLTE", File(51)), palette_data, kEnd}) ==
        "a palette of another length");
  CHECK(ReasonFor({ihdr, Chunk("tRNS", File(2)), data, kEnd}) == "tRNS of another length");
  CHECK(ReasonFor({png_files::Ihdr(kPalette), png_files::Palette(kPalette), Chunk("tRNS", File(17)),
                   palette_data, kEnd}) == "tRNS of another length");
  CHECK(ReasonFor({png_files::Ihdr(kPalette), png_files::Palette(kPalette), Chunk("tRNS", {}),
                   palette_data, kEnd}) == "tRNS of another length");
  CHECK(ReasonFor({ihdr, Chunk("tRNS", {0, 1, 0, 2, 1, 0}), data, kEnd}) ==
        "a transparent colour out of range");
  CHECK(ReasonFor({ihdr, Chunk("acTL", {0, 0}), data, kEnd}) ==
        "an animation without a number of frames");
}

TEST_CASE("a PNG of sizes, kinds or methods that are not is left to libspng", "[png]") {
  const File data = DataOf(kRecipe);
  const auto reason = [&data](size_t at, uint8_t value) {
    File ihdr = png_files::Ihdr(kRecipe);
    ihdr[8 + at] = value;
    png_files::File file = Join({png_files::Signature(), ihdr});
    png_files::MendChecksums(file);
    return ReasonFor({File(file.begin() + 8, file.end()), data, kEnd});
  };
  CHECK(reason(3, 0) == "size");
  CHECK(reason(7, 0) == "size");
  CHECK(reason(0, 0x80) == "size");
  CHECK(reason(4, 0x10) == "size");
  CHECK(reason(8, 3) == "kind of pixels");
  CHECK(reason(8, 4) == "kind of pixels");
  CHECK(reason(9, 1) == "kind of pixels");
  CHECK(reason(9, 7) == "kind of pixels");
  CHECK(reason(10, 1) == "unknown methods");
  CHECK(reason(11, 1) == "unknown methods");
  CHECK(reason(12, 2) == "unknown methods");
}

TEST_CASE("a PNG with a wrong checksum in any chunk is left to libspng", "[png]") {
  const File sound =
      Join({png_files::Signature(), png_files::Ihdr(kPalette), png_files::Palette(kPalette),
            Chunk("tRNS", File(3)), Chunk("tEXt", {1}), DataOf(kPalette), kEnd});
  Decoder decoder;
  for (size_t at = 8; at < sound.size();) {
    const size_t next = at + 12 + (size_t(sound[at + 2]) << 8 | sound[at + 3]);
    for (size_t i = next - 4; i < next; ++i) {
      File file = sound;
      file[i] ^= 4;
      Header header;
      CHECK(ReadHeader(file, header) == "a checksum");
      const auto found = png_compare::Compare(decoder, file, {});
      CHECK_FALSE(found.sound);
      CHECK(found.complaint == "");
    }
    at = next;
  }
}

TEST_CASE("no PNG is read beyond a cut, wherever it is", "[png]") {
  const File sound = png_files::Make(kPalette);
  Decoder decoder;
  for (size_t size = 0; size < sound.size(); ++size) {
    const File cut(sound.begin(), sound.begin() + ptrdiff_t(size));
    Header header;
    CHECK(ReadHeader(cut, header) != "");
    CHECK(png_compare::Compare(decoder, cut, {}).complaint == "");
  }
}

}  // namespace
}  // namespace imnorm::png
