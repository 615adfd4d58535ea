// PNG chunks that pixels do not need: left out, but not unchecked.
#include "decode/png_chunks.h"

#include <zlib.h>

#include <catch2/catch.hpp>
#include <string>

namespace imnorm {
namespace {

std::string Number(uint32_t value) {
  return {char(value >> 24), char(value >> 16), char(value >> 8), char(value)};
}

std::string Chunk(const std::string& type, const std::string& data) {
  const std::string body = type + data;
  const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(body.data()), body.size());
  return Number(uint32_t(data.size())) + body + Number(uint32_t(crc));
}

std::string Png(const std::string& extra) {
  return "\x89PNG\r\n\x1a\n" + Chunk("IHDR", std::string(13, '\1')) + extra +
         Chunk("IDAT", "data") + Chunk("IEND", "");
}

struct Kept {
  std::string bytes;
  bool animated = false;
};

Result<Kept> Keep(const std::string& png) {
  std::vector<uint8_t> storage;
  const auto kept =
      KeepPixelChunks({reinterpret_cast<const uint8_t*>(png.data()), png.size()}, storage);
  if (!kept) return Failed(kept);
  return Kept{{kept->bytes.begin(), kept->bytes.end()}, kept->animated};
}

}  // namespace

TEST_CASE("what pixels need stays, everything else goes", "[decode]") {
  const std::string needed = Chunk("PLTE", "abc") + Chunk("tRNS", "a");
  CHECK(Keep(Png(needed))->bytes == Png(needed));
  std::string flood;
  for (int i = 0; i < 2000; ++i) flood += Chunk("tEXt", "k\1v");
  CHECK(Keep(Png(flood + needed))->bytes == Png(needed));
  CHECK(Keep(Png(Chunk("acTL", std::string(8, '\1'))))->animated);
}

TEST_CASE("a chunk that is left out must be whole", "[decode]") {
  std::string text = Chunk("tEXt", "key");
  text[9] ^= 1;
  const auto damaged = Keep(Png(text));
  REQUIRE_FALSE(damaged);
  CHECK(damaged.error().code == ErrorCode::kCorrupt);
}

TEST_CASE("a chunk that a reader must know and does not is refused", "[decode]") {
  for (const char* type : {"CgBI", "XXXX"}) {
    CAPTURE(type);
    const auto refused = Keep(Png(Chunk(type, "")));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == ErrorCode::kUnsupported);
  }
}

}  // namespace imnorm
