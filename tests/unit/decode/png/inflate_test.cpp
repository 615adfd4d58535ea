// Inflate against zlib's.
#include "decode/png/inflate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>

#include "support/each_target.h"
#include "support/inflate_compare.h"
#include "support/png_files.h"

namespace imnorm::png_compare {
namespace {

// Writes a deflate stream bit by bit.
class Bits {
 public:
  void Put(uint32_t value, int bits) {
    for (int i = 0; i < bits; ++i) PutBit(value >> i & 1);
  }
  // A code, its highest bit first.
  void Code(uint32_t code, int bits) {
    for (int i = bits - 1; i >= 0; --i) PutBit(code >> i & 1);
  }
  std::vector<uint8_t> bytes;

 private:
  void PutBit(uint32_t bit) {
    if (used_ % 8 == 0) bytes.push_back(0);
    bytes.back() = uint8_t(bytes.back() | bit << used_ % 8);
    ++used_;
  }
  size_t used_ = 0;
};

bool Takes(const std::vector<uint8_t>& stream, bool& zlib_takes) {
  const auto inflate = std::make_unique<png::Inflate>();
  std::mt19937 random(1);
  zlib_takes = InflateWithZlib(stream).sound;
  return InflateInPieces(*inflate, stream, random).sound;
}

// A fixed block: literals, then a match of 3 bytes at a distance symbol, then the end.
std::vector<uint8_t> FixedMatch(int literals, uint32_t distance_symbol) {
  Bits bits;
  bits.Put(1, 1);
  bits.Put(1, 2);
  for (int i = 0; i < literals; ++i) bits.Code(0x30 + 9, 8);
  bits.Code(1, 7);
  bits.Code(distance_symbol, 5);
  bits.Put(0, 13);  // extra bits, more than there are; then zeros are the end of the block
  return bits.bytes;
}

}  // namespace

TEST_CASE("damaged deflate streams have zlib's verdict, bytes and end, in any pieces", "[png]") {
  ForEachTarget([] {
    const auto inflate = std::make_unique<png::Inflate>();
    std::mt19937 random(1);
    int sound = 0;
    for (uint64_t n = 0; n < 4000; ++n) {
      bool one_sound = false;
      const std::string complaint =
          CompareInflates(*inflate, DamagedStream(1, n), random, one_sound);
      sound += one_sound;
      if (!complaint.empty()) FAIL("stream " << n << ": " << complaint);
    }
    CHECK(sound > 1000);
    CHECK(sound < 3500);
  });
}

TEST_CASE("matches of every distance and length are copied as zlib copies them", "[png]") {
  ForEachTarget([] {
    const auto inflate = std::make_unique<png::Inflate>();
    std::mt19937 random(2);
    bool sound = false;
    std::string complaints;
    for (int distance = 1; distance <= 70; ++distance) {
      std::vector<uint8_t> bytes;
      for (int i = 0; i < distance; ++i) bytes.push_back(uint8_t(random()));
      for (int length = 3; length <= 258; length += 1 + length / 9) {
        for (int i = 0; i < length; ++i) bytes.push_back(bytes[bytes.size() - size_t(distance)]);
        bytes.push_back(uint8_t(random()));
      }
      for (const int level : {1, 9}) {
        std::vector<uint8_t> stream = png_files::Deflate(bytes, level);
        stream.erase(stream.begin(), stream.begin() + 2);
        stream.resize(stream.size() - 4);
        complaints += CompareInflates(*inflate, stream, random, sound);
      }
    }
    CHECK(complaints.empty());
    CHECK(sound);
  });
}

TEST_CASE("a match as far back as 32 KB is found, one before the start is damage", "[png]") {
  const auto inflate = std::make_unique<png::Inflate>();
  std::mt19937 random(3);
  std::vector<uint8_t> bytes(32768 - 262);  // zlib's own limit
  for (auto& v : bytes) v = uint8_t(random());
  bytes.resize(32768 - 62);
  std::copy_n(bytes.begin(), 200, bytes.end() - 200);
  std::vector<uint8_t> stream = png_files::Deflate(bytes, 9);
  stream.erase(stream.begin(), stream.begin() + 2);
  stream.resize(stream.size() - 4);
  bool sound = false;
  CHECK(CompareInflates(*inflate, stream, random, sound).empty());
  CHECK(sound);

  bool zlib_takes = false;
  CHECK(Takes(FixedMatch(2, 1), zlib_takes));
  CHECK(zlib_takes);
  CHECK_FALSE(Takes(FixedMatch(1, 1), zlib_takes));
  CHECK_FALSE(zlib_takes);
  CHECK_FALSE(Takes(FixedMatch(2, 30), zlib_takes));  // a distance symbol that nobody may use
  CHECK_FALSE(zlib_takes);
}

TEST_CASE("a set of a single literal code, which zlib takes, is left to it", "[png]") {
  // An empty dynamic block in which only code 256 has a length, one bit; then a fixed block.
  Bits bits;
  bits.Put(0, 1);
  bits.Put(2, 2);
  bits.Put(0, 5);
  bits.Put(0, 5);
  bits.Put(18 - 4, 4);
  constexpr int kOrder[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1};
  for (const int symbol : kOrder)
    bits.Put(symbol == 18 ? 1 : symbol == 0 || symbol == 1 ? 2 : 0, 3);
  bits.Code(0, 1);  // 138 and 118 lengths of 0
  bits.Put(127, 7);
  bits.Code(0, 1);
  bits.Put(107, 7);
  bits.Code(3, 2);
  bits.Code(2, 2);
  bits.Code(0, 1);
  bits.Put(1, 1);
  bits.Put(1, 2);
  bits.Code(0, 7);
  bool zlib_takes = false;
  CHECK_FALSE(Takes(bits.bytes, zlib_takes));
  CHECK(zlib_takes);
}

TEST_CASE("stored blocks of every length, and none, come through in any pieces", "[png]") {
  const auto inflate = std::make_unique<png::Inflate>();
  std::mt19937 random(4);
  std::string complaints;
  for (const size_t length : {0, 1, 7, 8, 40000}) {
    std::vector<uint8_t> stream;
    for (const uint8_t last : {0, 0, 1}) {
      stream.push_back(last);
      for (const size_t v : {length, ~length}) {
        stream.push_back(uint8_t(v));
        stream.push_back(uint8_t(v >> 8));
      }
      for (size_t i = 0; i < length; ++i) stream.push_back(uint8_t(random()));
    }
    for (const size_t cut : {size_t{0}, size_t{1}, stream.size() / 2}) {
      bool sound = false;
      std::vector<uint8_t> part = stream;
      part.resize(stream.size() - cut);
      complaints += CompareInflates(*inflate, part, random, sound);
      CHECK(sound == (cut == 0));
    }
    stream[3] ^= 1;  // length and its complement differ
    bool sound = false;
    complaints += CompareInflates(*inflate, stream, random, sound);
    CHECK_FALSE(sound);
  }
  CHECK(complaints.empty());
}

}  // namespace imnorm::png_compare
