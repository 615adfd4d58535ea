// The loops over progressive scans on every target, against a decoder that does what the standard's
// flow charts say, bit by bit and coefficient by coefficient.
#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <random>
#include <vector>

#include "decode/jpeg/band.h"
#include "decode/jpeg/dc.h"
#include "decode/jpeg/refine.h"
#include "support/each_target.h"

namespace imnorm::jpeg {
namespace {

constexpr int kBlocks = 40;

// A table with every symbol that some decoder may meet, codes of all lengths up to 16.
HuffmanSpec MakeSpec(std::mt19937& random, std::vector<uint8_t> symbols) {
  std::shuffle(symbols.begin(), symbols.end(), random);
  HuffmanSpec spec;
  spec.present = true;
  std::copy(symbols.begin(), symbols.end(), spec.symbols);
  // As many codes of a length as leave room for all others of at most 16 bits.
  size_t left = symbols.size();
  int64_t room = 65536 - 1;  // not all ones
  for (int length = 1; length <= 16 && left > 0; ++length) {
    const int64_t each = int64_t{1} << (16 - length);
    while (left > 0 && room - each >= int64_t(left) - 1 && random() % 3 != 0) {
      ++spec.counts[length];
      --left;
      room -= each;
    }
    if (length == 16) spec.counts[16] = uint8_t(spec.counts[16] + left);
  }
  return spec;
}

std::vector<uint8_t> BandSymbols(int most) {
  std::vector<uint8_t> symbols;
  for (int run = 0; run < 16; ++run) {
    for (int size = 0; size <= most; ++size) symbols.push_back(uint8_t(run << 4 | size));
  }
  return symbols;
}

class PlainBits {
 public:
  explicit PlainBits(const std::vector<uint8_t>& bytes) : bytes_(bytes) {}

  int Bit() {
    const int bit = bytes_[at_ / 8] >> (7 - at_ % 8) & 1;
    ++at_;
    return bit;
  }
  int Number(int bits) {
    int number = 0;
    for (int i = 0; i < bits; ++i) number = 2 * number + Bit();
    return number;
  }
  int Signed(int bits) {
    const int number = Number(bits);
    return bits > 0 && number >> (bits - 1) == 0 ? number + 1 - (1 << bits) : number;
  }
  // -1: no such code.
  int Symbol(const HuffmanSpec& spec) {
    int code = 0;
    int first = 0;
    int index = 0;
    for (int length = 1; length <= 16; ++length) {
      code = 2 * code + Bit();
      first *= 2;
      if (code - first < spec.counts[length]) return spec.symbols[index + code - first];
      first += spec.counts[length];
      index += spec.counts[length];
    }
    return -1;
  }
  uint64_t at() const { return at_; }

 private:
  const std::vector<uint8_t>& bytes_;
  uint64_t at_ = 0;
};

struct State {
  std::vector<ZigzagBlock> blocks = std::vector<ZigzagBlock>(kBlocks + 1);
  std::vector<uint64_t> nonzero = std::vector<uint64_t>(kBlocks);
  std::vector<uint64_t> negative = std::vector<uint64_t>(kBlocks);
  std::vector<uint64_t> plane = std::vector<uint64_t>(kBlocks);
  int64_t ended = 0;
  uint64_t bit = 0;
};

bool PlainBand(State& state, const HuffmanSpec& spec, const Band& band, PlainBits& bits) {
  for (int x = 0; x < kBlocks; ++x) {
    int k = band.begin_k;
    while (state.ended == 0 && k <= band.last_k) {
      const int symbol = bits.Symbol(spec);
      if (symbol < 0) return false;
      if (EndsBlocks(symbol)) {
        state.ended = (1 << (symbol >> 4)) + bits.Number(symbol >> 4);
        break;
      }
      k += symbol >> 4;
      const int value = bits.Signed(symbol & 15);
      if (k > band.last_k) return false;
      state.blocks[size_t(x)].at[k++] = int16_t(value * (1 << band.low_bits));
    }
    if (state.ended > 0) --state.ended;
  }
  return true;
}

bool PlainRefinement(State& state, const HuffmanSpec& spec, const Band& band, PlainBits& bits) {
  for (size_t x = 0; x < kBlocks; ++x) {
    const uint64_t old = state.nonzero[x];
    const auto mask = [](int k) { return uint64_t{1} << (63 - k); };
    int k = band.begin_k;
    // Passes zeros and refines what is not zero; stops at a zero with none left to pass.
    const auto pass = [&](int zeros) {
      for (; k <= band.last_k; ++k) {
        if ((old & mask(k)) != 0) {
          if (bits.Bit() != 0) state.plane[x] |= mask(k);
        } else if (zeros-- == 0) {
          return true;
        }
      }
      return false;
    };
    while (state.ended == 0 && k <= band.last_k) {
      const int symbol = bits.Symbol(spec);
      if (symbol < 0) return false;
      if (EndsBlocks(symbol)) {
        state.ended = (1 << (symbol >> 4)) + bits.Number(symbol >> 4);
        break;
      }
      const bool is_new = (symbol & 15) != 0;
      const bool negative = is_new && bits.Bit() == 0;
      if (!pass(symbol >> 4)) return false;
      if (is_new) {
        state.nonzero[x] |= mask(k);
        state.plane[x] |= mask(k);
        if (negative) state.negative[x] |= mask(k);
      }
      ++k;
    }
    if (state.ended > 0) {
      pass(64);
      --state.ended;
    }
  }
  return true;
}

std::vector<uint8_t> RandomBytes(std::mt19937& random) {
  std::vector<uint8_t> bytes(kBlocks * kBandBytes + 64);
  for (uint8_t& byte : bytes) byte = uint8_t(random());
  return bytes;
}

bool SameBlocks(const State& a, const State& b) {
  for (size_t x = 0; x < kBlocks; ++x) {
    if (!std::equal(a.blocks[x].at, a.blocks[x].at + 64, b.blocks[x].at)) return false;
  }
  return true;
}

Band RandomBand(std::mt19937& random) {
  Band band;
  band.begin_k = 1 + int(random() % 63);
  band.last_k = random() % 2 ? 63 : band.begin_k + int(random() % uint32_t(64 - band.begin_k));
  band.low_bits = int(random() % 4);
  return band;
}

}  // namespace

TEST_CASE("a band decodes as by the flow charts, random bits included", "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(11);
    HuffmanTable table;
    int sound = 0;
    for (int round = 0; round < 1000; ++round) {
      const HuffmanSpec spec = MakeSpec(random, BandSymbols(1 + int(random() % 10)));
      Band band = RandomBand(random);
      band.table = &table;
      REQUIRE(BuildBandTable(spec, band.last_k == 63, band.low_bits, table) == "");
      const auto bytes = RandomBytes(random);
      State expected;
      State actual;
      expected.ended = actual.ended = random() % 4 == 0 ? random() % 50 : 0;
      PlainBits bits(bytes);
      const bool right = PlainBand(expected, spec, band, bits);
      BitPosition position{bytes.data(), 0};
      ZigzagBlock* const blocks = actual.blocks.data();
      REQUIRE(DecodeBand(blocks, blocks + kBlocks, band, position, actual.ended) == right);
      if (!right) continue;
      ++sound;
      REQUIRE(position.bit == bits.at());
      REQUIRE(actual.ended == expected.ended);
      REQUIRE(SameBlocks(actual, expected));
    }
    CHECK(sound > 100);
  });
}

TEST_CASE("a refinement decodes as by the flow charts, random bits included", "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(12);
    HuffmanTable table;
    int sound = 0;
    for (int round = 0; round < 1000; ++round) {
      // Few zeros to pass, so that some random streams fit their blocks.
      std::vector<uint8_t> symbols;
      for (int run = 0; run < 15; ++run) {
        symbols.push_back(uint8_t(run << 4));
        if (run <= int(random() % 6)) symbols.push_back(uint8_t(run << 4 | 1));
      }
      if (random() % 2 != 0) symbols.push_back(0xf0);
      const HuffmanSpec spec = MakeSpec(random, symbols);
      Band band = RandomBand(random);
      band.table = &table;
      REQUIRE(BuildRefinementTable(spec, table) == "");
      const auto bytes = RandomBytes(random);
      State expected;
      for (uint64_t& mask : expected.nonzero) {
        mask = uint64_t{random()} << 32 | random();
        if (random() % 2 != 0) mask &= uint64_t{random()} << 32 | random();
        if (random() % 8 == 0) mask = random() % 2 != 0 ? ~uint64_t{0} : 0;
      }
      expected.ended = random() % 4 == 0 ? random() % 50 : 0;
      State actual = expected;
      PlainBits bits(bytes);
      const bool right = PlainRefinement(expected, spec, band, bits);
      BitPosition position{bytes.data(), 0};
      const RefinedMasks masks{actual.nonzero.data(), actual.negative.data(), actual.plane.data()};
      REQUIRE(RefineBand(masks, kBlocks, band, position, actual.ended) == right);
      if (!right) continue;
      ++sound;
      REQUIRE(position.bit == bits.at());
      REQUIRE(actual.ended == expected.ended);
      REQUIRE(actual.nonzero == expected.nonzero);
      REQUIRE(actual.negative == expected.negative);
      REQUIRE(actual.plane == expected.plane);
    }
    CHECK(sound > 100);
  });
}

TEST_CASE("DCs decode and are refined as by the flow charts", "[kernels][jpeg]") {
  ForEachTarget([] {
    std::mt19937 random(13);
    auto tables = std::make_unique<HuffmanTable[]>(2);
    for (int round = 0; round < 2000; ++round) {
      HuffmanSpec specs[2];
      for (int i = 0; i < 2; ++i) {
        specs[i] = MakeSpec(random, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
        tables[i].spec = {};
        REQUIRE(BuildDcTable(specs[i], tables[i]) == "");
      }
      const int low_bits = int(random() % 3);
      const auto bytes = RandomBytes(random);
      std::vector<int16_t> expected(3 * kBlocks);
      std::vector<int16_t> actual(3 * kBlocks);
      uint32_t predictors[2] = {};
      DcPlace places[3];
      for (int i = 0; i < 3; ++i) {
        places[i] = {&actual[size_t(i)], 3, &tables[i / 2], &predictors[i / 2]};
      }
      PlainBits bits(bytes);
      int dc[2] = {};
      bool right = true;
      for (int unit = 0; unit < kBlocks && right; ++unit) {
        for (int i = 0; i < 3 && right; ++i) {
          const int size = bits.Symbol(specs[i / 2]);
          right = size >= 0;
          if (!right) break;
          dc[i / 2] += bits.Signed(size);
          const int shifted = dc[i / 2] * (1 << low_bits);
          right = shifted >= -16384 && shifted < 16384;
          expected[size_t(3 * unit + i)] = int16_t(shifted);
        }
      }
      BitPosition position{bytes.data(), 0};
      REQUIRE(DecodeDcs(places, 3, kBlocks, low_bits, position) == right);
      if (!right) continue;
      REQUIRE(position.bit == bits.at());
      REQUIRE(actual == expected);
      if (low_bits == 0) continue;
      for (int16_t& value : expected) value = int16_t(value | bits.Bit() << (low_bits - 1));
      RefineDcs(places, 3, kBlocks, low_bits - 1, position);
      REQUIRE(position.bit == bits.at());
      REQUIRE(actual == expected);
    }
  });
}

}  // namespace imnorm::jpeg
