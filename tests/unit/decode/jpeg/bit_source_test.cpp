#include "decode/jpeg/bit_source.h"

#include <catch2/catch.hpp>
#include <random>
#include <vector>

namespace imnorm::jpeg {
namespace {

constexpr size_t kAhead = 100;

// Entropy-coded bytes that need stuffing, without it; their last bit is a one, as padding is.
std::vector<uint8_t> MakeData(size_t size) {
  std::mt19937 random(5);
  std::vector<uint8_t> data(size);
  for (uint8_t& byte : data) byte = random() % 4 == 0 ? 0xff : uint8_t(random());
  return data;
}

void AppendStuffed(const std::vector<uint8_t>& data, std::vector<uint8_t>& file) {
  for (const uint8_t byte : data) {
    file.push_back(byte);
    if (byte == 0xff) file.push_back(0);
  }
}

// Reads an interval byte by byte, as long as it gives the data.
size_t ReadAsLongAsEqual(BitSource& source, const std::vector<uint8_t>& data) {
  for (size_t i = 0; i < data.size(); ++i) {
    source.Refill();
    BitPosition& position = source.position();
    if (position.bytes[position.bit >> 3] != data[i]) return i;
    position.bit += 8;
    if (!source.Use(1).empty()) return i;
  }
  return data.size();
}

}  // namespace

TEST_CASE("a scan of any size comes whole, in pieces", "[jpeg]") {
  BitSource source(kAhead);
  for (const size_t size : {size_t{1}, size_t{99}, size_t{32768}, size_t{200000}}) {
    const auto data = MakeData(size);
    std::vector<uint8_t> file{1, 2, 3};
    AppendStuffed(data, file);
    const size_t end = file.size();
    file.insert(file.end(), {0xff, 0xd9});
    source.Start(file, 3, 0);
    REQUIRE(ReadAsLongAsEqual(source, data) == size);
    size_t found = 0;
    CHECK(source.Finish(found) == "");
    CHECK(found == end);
  }
}

TEST_CASE("intervals come one after the other, their markers counted to eight", "[jpeg]") {
  BitSource source(kAhead);
  std::vector<uint8_t> file;
  const auto data = MakeData(300);
  for (int i = 0; i < 11; ++i) {
    AppendStuffed(data, file);
    file.insert(file.end(), {0xff, uint8_t(i == 10 ? 0xd9 : 0xd0 + i % 8)});
  }
  source.Start(file, 0, 300);
  for (int i = 0; i < 11; ++i) {
    CHECK(source.left() == 300);
    REQUIRE(ReadAsLongAsEqual(source, data) == data.size());
    CHECK(source.left() == 0);
    if (i < 10) REQUIRE(source.NextInterval() == "");
  }
  CHECK(source.NextInterval() == "restart marker missing");
  size_t end = 0;
  CHECK(source.Finish(end) == "");
  CHECK(end == file.size() - 2);
}

TEST_CASE("reading on past the data is found, and so are bits that nobody read", "[jpeg]") {
  BitSource source(kAhead);
  const std::vector<uint8_t> file{0x12, 0x34, 0xff, 0xd9};
  size_t end = 0;
  source.Start(file, 0, 0);
  source.Refill();
  source.position().bit = 17;
  CHECK(source.Use(1) == "entropy-coded data cut short");
  source.Start(file, 0, 0);
  source.Refill();
  source.position().bit = 8;
  CHECK(source.Use(1) == "");
  CHECK(source.Finish(end) == "bits left over");
  source.Start(file, 0, 0);
  source.Refill();
  source.position().bit = 13;
  CHECK(source.Use(1) == "");
  CHECK(source.Finish(end) == "padding that is not ones");
}

TEST_CASE("a scan without a marker behind it has no end", "[jpeg]") {
  BitSource source(kAhead);
  const std::vector<uint8_t> file{0x12, 0x34};
  size_t end = 0;
  source.Start(file, 0, 0);
  source.Refill();
  source.position().bit = 16;
  CHECK(source.Use(1) == "");
  CHECK(source.Finish(end) == "no end of image");
}

}  // namespace imnorm::jpeg
