#include <algorithm>
#include <catch2/catch.hpp>

#include "decode/jpeg/markers.h"
#include "decode/jpeg/tables.h"
#include "support/jpeg_compare.h"

namespace imnorm::jpeg_judge {
namespace {

using File = std::vector<uint8_t>;

File WithRestarts() {
  return Encode({.width = 120, .height = 64, .restart_interval = 5, .noise = 40});
}

// Offset of the n-th restart marker of the scan.
size_t FindRestart(const File& file, int n) {
  jpeg::Header header;
  REQUIRE(jpeg::ReadHeader(file, header).empty());
  for (size_t at = header.scan_begin; at + 1 < file.size(); ++at) {
    if (file[at] == 0xff && file[at + 1] >= 0xd0 && file[at + 1] <= 0xd7 && n-- == 0) return at;
  }
  FAIL("no such restart marker");
  return 0;
}

std::string FallbackOf(const File& file) {
  jpeg::Decoder decoder;
  const Comparison found = Compare(decoder, file);
  CHECK(found.complaint == "");
  return found.fallback;
}

}  // namespace

TEST_CASE("a file cut anywhere is never called done", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const bool restarts : {false, true}) {
    const File file = Encode({.width = 60, .height = 50, .restart_interval = restarts ? 2 : 0});
    for (size_t size = 0; size < file.size(); ++size) {
      PictureConsumer consumer;
      const auto outcome = decoder.Decode({file.data(), size}, 3, kManyPixels, consumer);
      CHECK_FALSE(outcome.done);
      CHECK_FALSE(outcome.fallback.empty());
    }
  }
}

TEST_CASE("bytes behind the end of image are not looked at", "[jpeg]") {
  jpeg::Decoder decoder;
  for (const File& tail : {File{0}, File{0xff, 0xd8, 0xff}, File(100000, 0xff)}) {
    File file = Encode({.width = 60, .height = 50});
    file.insert(file.end(), tail.begin(), tail.end());
    const Comparison found = Compare(decoder, file);
    CHECK(found.fast);
    CHECK(found.complaint == "");
  }
}

TEST_CASE("a missing, wrong or superfluous restart marker is left to libjpeg-turbo", "[jpeg]") {
  const File sound = WithRestarts();
  REQUIRE(FallbackOf(sound) == "");
  const size_t at = FindRestart(sound, 2);
  File wrong = sound;
  wrong[at + 1] ^= 1;
  CHECK(FallbackOf(wrong) == "restart marker missing");
  File missing = sound;
  missing.erase(missing.begin() + ptrdiff_t(at), missing.begin() + ptrdiff_t(at) + 2);
  CHECK_FALSE(FallbackOf(missing).empty());
  File twice = sound;
  twice.insert(twice.begin() + ptrdiff_t(at), {0xff, sound[at + 1]});
  CHECK_FALSE(FallbackOf(twice).empty());
  File last = sound;
  last.insert(last.end() - 2, {0xff, 0xd0});
  CHECK(FallbackOf(last) == "something else than the end of image");
}

TEST_CASE("bytes left over before a marker are left to libjpeg-turbo", "[jpeg]") {
  File file = WithRestarts();
  const size_t at = FindRestart(file, 1);
  file.insert(file.begin() + ptrdiff_t(at), uint8_t{0x55});
  CHECK(FallbackOf(file) == "bits left over");
  file = Encode({.width = 60, .height = 50});
  file.insert(file.end() - 2, 20000, uint8_t{0x55});
  CHECK(FallbackOf(file) == "bits left over");
}

TEST_CASE("padding that is not ones is left to libjpeg-turbo", "[jpeg]") {
  // Some picture's last byte ends in padding: look for one where its last bit is.
  for (int width = 8; width < 80; ++width) {
    File file = Encode({.width = width, .height = 8, .components = 1});
    file[file.size() - 3] ^= 1;
    const std::string fallback = FallbackOf(file);
    if (fallback == "padding that is not ones") return;
  }
  FAIL("no picture with padding");
}

TEST_CASE("data that is all stuffing decodes across every refill", "[jpeg]") {
  // Noise at quality 100 has the longest codes and much stuffing; 1 MB of it, in many pieces.
  jpeg::Decoder decoder;
  const File file = Encode({.width = 700, .height = 500, .quality = 100, .noise = 255});
  REQUIRE(file.size() > 500000);
  const Comparison found = Compare(decoder, file);
  CHECK(found.fast);
  CHECK(found.complaint == "");
}

TEST_CASE("a table that is no prefix code or reaches past 8 bits is refused", "[jpeg]") {
  const auto dc = std::make_unique<jpeg::HuffmanTable>();
  const auto ac = std::make_unique<jpeg::HuffmanTable>();
  jpeg::HuffmanSpec spec{};
  spec.present = true;
  spec.counts[1] = 2;  // 0 and 1: the second is a code of ones only
  CHECK(jpeg::BuildDcTable(spec, *dc) == "bad Huffman table");
  CHECK(jpeg::BuildAcTable(spec, *ac) == "bad Huffman table");
  spec.counts[1] = 1;
  spec.symbols[0] = 12;
  CHECK(jpeg::BuildDcTable(spec, *dc) == "Huffman table with values past 8-bit baseline");
  CHECK(jpeg::BuildAcTable(spec, *ac) == "Huffman table with values past 8-bit baseline");
  spec.symbols[0] = 11;
  CHECK(jpeg::BuildDcTable(spec, *dc) == "");
  CHECK(jpeg::BuildAcTable(spec, *ac) == "Huffman table with values past 8-bit baseline");
  spec.symbols[0] = 0xfa;
  CHECK(jpeg::BuildAcTable(spec, *ac) == "");
}

TEST_CASE("a code that does not exist ends the decoding", "[jpeg]") {
  // An empty table in use: no code exists at all.
  File file = Encode({.width = 16, .height = 16, .components = 1, .optimize = true});
  size_t at = 2;
  while (file[at + 1] != 0xc4) at += 2 + size_t(file[at + 2] << 8 | file[at + 3]);
  const size_t size = 2 + size_t(file[at + 2] << 8 | file[at + 3]);
  const uint8_t slot = file[at + 4];
  File empty{0xff, 0xc4, 0, 19, slot};
  empty.resize(21, 0);
  file.erase(file.begin() + ptrdiff_t(at), file.begin() + ptrdiff_t(at + size));
  file.insert(file.begin() + ptrdiff_t(at), empty.begin(), empty.end());
  CHECK(FallbackOf(file) == "bad entropy-coded data");
}

}  // namespace imnorm::jpeg_judge
