// Hashes that differ in a few bits.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace imnorm {

// Finds the nearest of hashes that were added, without looking at all of them.
//
// Rules:    two hashes within `most` bits have one of most + 1 pieces in common: only those that
//           have are looked at
class NearHashes {
 public:
  // `most` is 0 to 12.
  explicit NearHashes(int most);

  // Adds hash number size().
  void Add(uint64_t hash);

  // The number of the nearest within `most` bits, the first of several; none: there is none.
  std::optional<uint64_t> Nearest(uint64_t hash) const;

  uint64_t size() const { return hashes_.size(); }

 private:
  uint64_t PieceOf(uint64_t hash, int piece) const;

  int most_;
  std::vector<uint64_t> hashes_;
  std::vector<std::unordered_map<uint64_t, std::vector<uint32_t>>> by_piece_;
};

}  // namespace imnorm
