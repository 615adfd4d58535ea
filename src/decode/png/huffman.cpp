// Tables grow by doubling: one for codes of at most n bits, twice, is one for n + 1 bits but for
// the codes, pairs and triples of literals that take n + 1 bits themselves. Writing pairs
// afterwards, entry by entry, mispredicts and takes twice the time.
#include "decode/png/huffman.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace imnorm::png {
namespace {

constexpr int kMostBits = 15;
constexpr int kMostSymbols = kMostLiterals;
constexpr int kEndSymbol = 256;

constexpr uint16_t kLengthBase[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                    31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
constexpr uint8_t kLengthExtra[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                    2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
constexpr uint16_t kDistanceBase[] = {
    1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
    193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
constexpr uint8_t kDistanceExtra[] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                      6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

uint32_t EntryOf(int bits, int extra, uint32_t base) {
  return uint32_t(bits + extra) | uint32_t(bits) << 8 | base << 12;
}

uint32_t LiteralEntry(int symbol, int bits) {
  if (symbol < kEndSymbol) return uint32_t(bits) | 1u << 6 | uint32_t(symbol) << 8;
  if (symbol == kEndSymbol) return EntryOf(bits, 0, 0) | kEndOfBlock;
  const size_t i = size_t(symbol - kEndSymbol - 1);
  if (i >= std::size(kLengthBase)) return kInvalid;
  return EntryOf(bits, kLengthExtra[i], kLengthBase[i]);
}

uint32_t DistanceEntry(int symbol, int bits) {
  const size_t i = size_t(symbol);
  if (i >= std::size(kDistanceBase)) return kInvalid;
  return EntryOf(bits, kDistanceExtra[i], kDistanceBase[i]);
}

// The lowest `bits` of 16 in the other order: the stream has a code's highest bit first.
uint32_t Reversed(uint32_t code, int bits) {
  code = (code & 0x5555) << 1 | (code >> 1 & 0x5555);
  code = (code & 0x3333) << 2 | (code >> 2 & 0x3333);
  code = (code & 0x0f0f) << 4 | (code >> 4 & 0x0f0f);
  code = (code & 0x00ff) << 8 | (code >> 8 & 0x00ff);
  return code >> (16 - bits);
}

// A set of codes in the order of their values: by length, then by symbol.
struct CodeSet {
  int used = 0;
  int free = 1 << kMostBits;  // of the codes of 15 bits, those that begin with no code; may be < 0
  int first[kMostBits + 2] = {};  // where the codes of a length begin
  uint16_t symbols[kMostSymbols];
  uint16_t reversed[kMostSymbols];  // the codes as the stream has them, those of the main table

  int count(int bits) const { return first[bits + 1] - first[bits]; }
};

void Sort(const uint8_t* lengths, int count, CodeSet& set) {
  int of[kMostBits + 1] = {};
  for (int i = 0; i < count; ++i) ++of[lengths[i]];
  set.used = count - of[0];
  int next[kMostBits + 1] = {};
  for (int bits = 1; bits <= kMostBits; ++bits) {
    next[bits] = set.first[bits];
    set.first[bits + 1] = set.first[bits] + of[bits];
    set.free -= of[bits] << (kMostBits - bits);
  }
  for (int i = 0; i < count; ++i) {
    if (lengths[i] != 0) set.symbols[next[lengths[i]]++] = uint16_t(i);
  }
}

// Writes the pairs and triples of literals that take `bits` bits together. The literals of each
// length stand before its other symbols.
void AddRuns(const CodeSet& set, const int* literals, int least, int bits, uint32_t* table) {
  const auto symbol = [&set](int i) { return uint32_t(set.symbols[i]); };
  for (int first = least; first + least <= bits; ++first) {
    const int first_end = set.first[first] + literals[first];
    const int pair = bits - first;
    const int pair_end = set.first[pair] + literals[pair];
    for (int i = set.first[first]; i < first_end; ++i) {
      const uint32_t entry = uint32_t(bits) | 2u << 6 | symbol(i) << 8;
      uint32_t* const to = table + set.reversed[i];
      for (int j = set.first[pair]; j < pair_end; ++j) {
        to[set.reversed[j] << first] = entry | symbol(j) << 16;
      }
    }
    if (literals[first] == 0) continue;
    for (int second = least; first + second + least <= bits; ++second) {
      const int third = bits - first - second;
      if (literals[second] == 0 || literals[third] == 0) continue;
      const int second_end = set.first[second] + literals[second];
      const int third_end = set.first[third] + literals[third];
      for (int i = set.first[first]; i < first_end; ++i) {
        for (int j = set.first[second]; j < second_end; ++j) {
          const uint32_t entry = uint32_t(bits) | 3u << 6 | symbol(i) << 8 | symbol(j) << 16;
          uint32_t* const to = table + (set.reversed[i] | set.reversed[j] << first);
          for (int k = set.first[third]; k < third_end; ++k) {
            to[set.reversed[k] << (first + second)] = entry | symbol(k) << 24;
          }
        }
      }
    }
  }
}

// Writes the codes that are longer than the main table's; `code` is the last one of that length
// and one more. False if they would not fit.
template <int kBits, typename Entry>
bool AddSubtables(const CodeSet& set, uint32_t code, size_t entries, Entry entry, uint32_t* table) {
  size_t end = size_t{1} << kBits;
  size_t begin = 0;
  int depth = 0;
  uint32_t open = ~0u;
  for (int bits = kBits + 1; bits <= kMostBits; ++bits) {
    code <<= 1;
    for (int i = set.first[bits]; i < set.first[bits + 1]; ++i, ++code) {
      const uint32_t reversed = Reversed(code, bits);
      const uint32_t prefix = reversed & ((1u << kBits) - 1);
      if (prefix != open) {
        open = prefix;
        // As deep as the codes that follow need to fill it.
        depth = bits - kBits;
        int room = (1 << depth) - (set.first[bits + 1] - i);
        while (room > 0 && kBits + depth < kMostBits) {
          ++depth;
          room = room * 2 - set.count(kBits + depth);
        }
        begin = end;
        end += size_t{1} << depth;
        if (end > entries) return false;
        table[prefix] = kSubtable | uint32_t(kBits) | uint32_t(depth) << 8 | uint32_t(begin) << 12;
      }
      const uint32_t value = entry(set.symbols[i], bits - kBits);
      for (size_t at = reversed >> kBits; at < size_t{1} << depth;
           at += size_t{1} << (bits - kBits)) {
        table[begin + at] = value;
      }
    }
  }
  return true;
}

// `set` may be incomplete: what no code leads to must then be kInvalid already.
template <int kBits, bool kRuns, typename Entry>
bool Fill(CodeSet& set, size_t entries, Entry entry, uint32_t* table) {
  int literals[kMostBits + 1] = {};
  int least = 0;  // bits of the shortest literal, once there is one
  uint32_t code = 0;
  int symbol = 0;
  for (int bits = 1; bits <= kBits; ++bits) {
    const size_t size = size_t{1} << (bits - 1);
    std::memcpy(table + size, table, size * sizeof *table);
    code <<= 1;
    for (; symbol < set.first[bits + 1]; ++symbol, ++code) {
      const uint32_t reversed = Reversed(code, bits);
      set.reversed[symbol] = uint16_t(reversed);
      table[reversed] = entry(set.symbols[symbol], bits);
      if (kRuns && set.symbols[symbol] < kEndSymbol) ++literals[bits];
    }
    if (!kRuns) continue;
    if (least == 0 && literals[bits] > 0) least = bits;
    if (least != 0) AddRuns(set, literals, least, bits, table);
  }
  return AddSubtables<kBits>(set, code, entries, entry, table);
}

}  // namespace

bool BuildLiteralTable(const uint8_t* lengths, int count, uint32_t* table) {
  CodeSet set;
  Sort(lengths, count, set);
  if (set.free != 0) return false;
  table[0] = kInvalid;  // no code has no bits; the first doubling reads it
  return Fill<kLiteralBits, true>(set, kLiteralEntries, LiteralEntry, table);
}

bool BuildDistanceTable(const uint8_t* lengths, int count, uint32_t* table) {
  CodeSet set;
  Sort(lengths, count, set);
  if (set.free < 0) return false;
  if (set.free > 0 && (set.used > 1 || (set.used == 1 && set.count(1) != 1))) return false;
  table[0] = kInvalid;
  return Fill<kDistanceBits, false>(set, kDistanceEntries, DistanceEntry, table);
}

bool BuildLengthTable(const uint8_t* lengths, uint8_t* table) {
  constexpr int kBits = 7;
  CodeSet set;
  Sort(lengths, 19, set);
  if (set.free != 0) return false;
  uint32_t code = 0;
  for (int bits = 1; bits <= kBits; ++bits) {
    code <<= 1;
    for (int i = set.first[bits]; i < set.first[bits + 1]; ++i, ++code) {
      for (uint32_t at = Reversed(code, bits); at < 1u << kBits; at += 1u << bits) {
        table[at] = uint8_t(bits << 5 | set.symbols[i]);
      }
    }
  }
  return true;
}

}  // namespace imnorm::png
