// Our inflate beside zlib's, on one raw deflate stream.
#pragma once

#include <cstdint>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "decode/png/inflate.h"

namespace imnorm::png_compare {

// What an inflate made of a stream.
struct Inflated {
  bool sound = false;
  size_t used = 0;
  std::vector<uint8_t> bytes;
};

inline constexpr size_t kMostInflated = size_t{1} << 17;

// By zlib; streams that give more than kMostInflated are not sound.
Inflated InflateWithZlib(std::span<const uint8_t> stream);

// By ours, in pieces and up to limits that `random` chooses, through a window that moves on.
Inflated InflateInPieces(png::Inflate& inflate, std::span<const uint8_t> stream,
                         std::mt19937& random);

// Empty where both agree, or where ours refuses what it says it refuses.
std::string CompareInflates(png::Inflate& inflate, std::span<const uint8_t> stream,
                            std::mt19937& random, bool& sound);

// The n-th damaged stream of a seed: small deflate streams of every kind, with bits turned and ends
// cut off.
std::vector<uint8_t> DamagedStream(uint64_t seed, uint64_t n);

}  // namespace imnorm::png_compare
