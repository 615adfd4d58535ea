// Looks hashes up by their pieces.
#include "statistics/near_hashes.h"

#include <bit>

namespace imnorm {

NearHashes::NearHashes(int most) : most_(most), by_piece_(size_t(most) + 1) {}

uint64_t NearHashes::PieceOf(uint64_t hash, int piece) const {
  const int pieces = most_ + 1;
  const int begin = piece * 64 / pieces;
  const int bits = (piece + 1) * 64 / pieces - begin;
  return bits == 64 ? hash : hash >> begin & ((uint64_t{1} << bits) - 1);
}

void NearHashes::Add(uint64_t hash) {
  const auto number = uint32_t(hashes_.size());
  hashes_.push_back(hash);
  for (int piece = 0; piece <= most_; ++piece) {
    by_piece_[size_t(piece)][PieceOf(hash, piece)].push_back(number);
  }
}

std::optional<uint64_t> NearHashes::Nearest(uint64_t hash) const {
  std::optional<uint64_t> nearest;
  int best = most_ + 1;
  for (int piece = 0; piece <= most_; ++piece) {
    const auto& numbers = by_piece_[size_t(piece)];
    const auto found = numbers.find(PieceOf(hash, piece));
    if (found == numbers.end()) continue;
    for (const uint32_t number : found->second) {
      const int distance = std::popcount(hashes_[number] ^ hash);
      if (distance < best || (distance == best && nearest && number < *nearest)) {
        best = distance;
        nearest = number;
      }
    }
  }
  return nearest;
}

}  // namespace imnorm
