// Chunks of 1024 bytes are hashed on their own and joined in pairs, as a tree whose left halves are
// full.
#include "source/modules/blake3.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

namespace imnorm {
namespace {

constexpr size_t kBlock = 64;
constexpr size_t kChunk = 1024;
constexpr size_t kWords = 8;  // of a chaining value

constexpr uint32_t kChunkStart = 1;
constexpr uint32_t kChunkEnd = 2;
constexpr uint32_t kParent = 4;
constexpr uint32_t kRoot = 8;

using Value = std::array<uint32_t, kWords>;
using Message = std::array<uint32_t, 16>;

constexpr Value kStart = {0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                          0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
constexpr size_t kPermutation[16] = {2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

void Mix(std::array<uint32_t, 16>& v, size_t a, size_t b, size_t c, size_t d, uint32_t x,
         uint32_t y) {
  v[a] += v[b] + x;
  v[d] = std::rotr(v[d] ^ v[a], 16);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 12);
  v[a] += v[b] + y;
  v[d] = std::rotr(v[d] ^ v[a], 8);
  v[c] += v[d];
  v[b] = std::rotr(v[b] ^ v[c], 7);
}

Value Compress(const Value& value, Message m, uint64_t counter, uint32_t length, uint32_t flags) {
  std::array<uint32_t, 16> v = {value[0],
                                value[1],
                                value[2],
                                value[3],
                                value[4],
                                value[5],
                                value[6],
                                value[7],
                                kStart[0],
                                kStart[1],
                                kStart[2],
                                kStart[3],
                                uint32_t(counter),
                                uint32_t(counter >> 32),
                                length,
                                flags};
  constexpr int kRounds = 7;
  for (int round = 0; round < kRounds; ++round) {
    Mix(v, 0, 4, 8, 12, m[0], m[1]);
    Mix(v, 1, 5, 9, 13, m[2], m[3]);
    Mix(v, 2, 6, 10, 14, m[4], m[5]);
    Mix(v, 3, 7, 11, 15, m[6], m[7]);
    Mix(v, 0, 5, 10, 15, m[8], m[9]);
    Mix(v, 1, 6, 11, 12, m[10], m[11]);
    Mix(v, 2, 7, 8, 13, m[12], m[13]);
    Mix(v, 3, 4, 9, 14, m[14], m[15]);
    Message next;
    for (size_t i = 0; i < next.size(); ++i) next[i] = m[kPermutation[i]];
    m = next;
  }
  Value result;
  for (size_t i = 0; i < kWords; ++i) result[i] = v[i] ^ v[i + kWords];
  return result;
}

uint32_t LittleEndian(const uint8_t* bytes) {
  return uint32_t(bytes[0]) | uint32_t(bytes[1]) << 8 | uint32_t(bytes[2]) << 16 |
         uint32_t(bytes[3]) << 24;
}

Value HashChunk(const uint8_t* bytes, size_t count, uint64_t number, uint32_t root) {
  Value value = kStart;
  size_t done = 0;
  do {
    const size_t length = std::min(kBlock, count - done);
    uint8_t block[kBlock] = {};
    if (length > 0) std::memcpy(block, bytes + done, length);
    Message words;
    for (size_t i = 0; i < words.size(); ++i) words[i] = LittleEndian(block + 4 * i);
    uint32_t flags = done == 0 ? kChunkStart : 0;
    done += length;
    if (done == count) flags |= kChunkEnd | root;
    value = Compress(value, words, number, uint32_t(length), flags);
  } while (done < count);
  return value;
}

Value Join(const Value& left, const Value& right, uint32_t root) {
  Message words;
  std::copy(left.begin(), left.end(), words.begin());
  std::copy(right.begin(), right.end(), words.begin() + kWords);
  return Compress(kStart, words, 0, kBlock, kParent | root);
}

// Of bytes that begin at chunk number `first`.
Value HashTree(const uint8_t* bytes, size_t count, uint64_t first, uint32_t root) {
  if (count <= kChunk) return HashChunk(bytes, count, first, root);
  const uint64_t chunks = (count + kChunk - 1) / kChunk;
  const uint64_t left = std::bit_floor(chunks - 1);
  const size_t split = size_t(left) * kChunk;
  return Join(HashTree(bytes, split, first, 0),
              HashTree(bytes + split, count - split, first + left, 0), root);
}

}  // namespace

void Blake3(const uint8_t* bytes, size_t count, uint8_t* digest) {
  const Value value = HashTree(bytes, count, 0, kRoot);
  for (size_t i = 0; i < kWords; ++i) {
    for (size_t byte = 0; byte < 4; ++byte) digest[4 * i + byte] = uint8_t(value[i] >> 8 * byte);
  }
}

}  // namespace imnorm
