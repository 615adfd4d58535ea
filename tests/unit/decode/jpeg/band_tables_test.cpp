#include "decode/jpeg/band_tables.h"

#include <catch2/catch.hpp>
#include <memory>
#include <string>

namespace imnorm::jpeg {
namespace {

// Codes of one length each, from one bit on: 0, 10, 110, ...
HuffmanSpec Ladder(std::initializer_list<uint8_t> symbols) {
  HuffmanSpec spec;
  spec.present = true;
  int length = 0;
  for (const uint8_t symbol : symbols) {
    spec.symbols[length] = symbol;
    spec.counts[++length] = 1;
  }
  return spec;
}

// The entry for a stream that begins with `bits`, written as digits.
const Entry& At(const HuffmanTable& table, std::string_view bits) {
  const std::string whole = std::string(bits) + std::string(kTableBits - bits.size(), '0');
  return table.entries[std::stoul(whole, nullptr, 2)];
}

std::unique_ptr<HuffmanTable> Band(const HuffmanSpec& spec, bool to_63, int low_bits) {
  auto table = std::make_unique<HuffmanTable>();
  REQUIRE(BuildBandTable(spec, to_63, low_bits, *table) == "");
  return table;
}

}  // namespace

TEST_CASE("a band's entry has the run and the value of a symbol", "[jpeg][progressive]") {
  const auto table = Band(Ladder({0x12, 0x00}), false, 0);
  const Entry& positive = At(*table, "011");
  CHECK(int(positive.drop) == 3);
  CHECK(int(positive.first) == 2);
  CHECK(positive.value == 3);
  CHECK(At(*table, "000").value == -3);
}

TEST_CASE("an end's entry has the number of blocks that end", "[jpeg][progressive]") {
  const auto table = Band(Ladder({0x00, 0x30}), true, 0);
  const Entry& one = At(*table, "0");
  CHECK((one.shift & kEndsBlock) != 0);
  CHECK((one.shift & kLoneEnd) != 0);
  CHECK(one.value == 1);
  CHECK(int(one.drop) == 1);
  const Entry& some = At(*table, "10101");
  CHECK((some.shift & kLoneEnd) != 0);
  CHECK(some.value == 8 + 5);
  CHECK(int(some.drop) == 5);
}

TEST_CASE("a band to 63 has pairs, its second value shifted; other bands have none",
          "[jpeg][progressive]") {
  const HuffmanSpec spec = Ladder({0x01, 0x00});
  const auto pairs = Band(spec, true, 2);
  CHECK(int(At(*pairs, "0101").drop) == 4);
  CHECK(int(At(*pairs, "0101").last) == 2);
  CHECK(At(*pairs, "0101").value == 1);
  CHECK(At(*pairs, "0101").second == 4);
  CHECK(At(*pairs, "0100").second == -4);
  const Entry& with_end = At(*pairs, "0110");
  CHECK(int(with_end.drop) == 4);
  CHECK((with_end.shift & kEndsBlock) != 0);
  CHECK((with_end.shift & kLoneEnd) == 0);
  CHECK(with_end.second == 0);
  CHECK(int(At(*Band(spec, false, 2), "0101").drop) == 2);
}

TEST_CASE("an end of several blocks is no second symbol", "[jpeg][progressive]") {
  const auto table = Band(Ladder({0x01, 0x10}), true, 0);
  const Entry& entry = At(*table, "01101");
  CHECK(int(entry.drop) == 2);
  CHECK((entry.shift & kEndsBlock) == 0);
}

TEST_CASE("ends with more bits than two lookups may drop are searched for", "[jpeg][progressive]") {
  const auto table = Band(Ladder({0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0xe0}), true, 0);
  CHECK(At(*table, "11111110").drop == kLongCode);
  CHECK(int(At(*Band(Ladder({0x01, 0xe0}), true, 0), "10").drop) == 16);
}

TEST_CASE("a refinement's entry has the zeros to pass, what is new and its sign",
          "[jpeg][progressive]") {
  HuffmanTable table;
  REQUIRE(BuildRefinementTable(Ladder({0x31, 0xf0, 0x20}), table) == "");
  const Entry& plus = At(table, "01");
  CHECK(int(plus.drop) == 2);
  CHECK(int(plus.first) == 3);
  CHECK(int(plus.last) == 1);
  CHECK(plus.second == 0);
  CHECK(At(table, "00").second == -1);
  const Entry& zeros = At(table, "10");
  CHECK(int(zeros.first) == 15);
  CHECK(int(zeros.last) == 0);
  CHECK(zeros.second == 0);
  const Entry& end = At(table, "11011");
  CHECK((end.shift & kEndsBlock) != 0);
  CHECK(end.value == 4 + 3);
  CHECK(end.second == 0);
}

TEST_CASE("tables of no code or of too large values are refused", "[jpeg][progressive]") {
  HuffmanTable table;
  HuffmanSpec spec = Ladder({0x01});
  spec.counts[1] = 2;
  CHECK(BuildBandTable(spec, true, 0, table) == "bad Huffman table");
  CHECK(BuildRefinementTable(spec, table) == "bad Huffman table");
  CHECK(BuildBandTable(Ladder({0x0b}), true, 0, table) ==
        "Huffman table with values past 8-bit progressive");
  CHECK(BuildBandTable(Ladder({0x0a}), true, 0, table) == "");
  CHECK(BuildRefinementTable(Ladder({0x02}), table) ==
        "Huffman table with values past 8-bit progressive");
}

}  // namespace imnorm::jpeg
