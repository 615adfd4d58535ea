#include "jpeg/tables.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace imnorm::jpeg {
namespace {

constexpr int kMaxDcSize = 11;
constexpr int kMaxAcSize = 10;
// The entropy loop keeps enough bits for two drops of this size; see entropy.cpp.
static_assert(kDcBits + kMaxDcSize <= 20 && kAcBits + kMaxAcSize <= 20);

int SymbolSize(int symbol, bool ac) { return ac ? symbol & 15 : symbol; }

// The canonical code, or why it is none.
Reason FindCodes(const HuffmanSpec& spec, bool ac, LongCodes& codes) {
  codes.ac = ac;
  uint32_t code = 0;
  int total = 0;
  for (int length = 1; length <= 16; ++length) {
    codes.offset[length] = total - int(code);
    code += spec.counts[length];
    total += spec.counts[length];
    // libjpeg-turbo also refuses a code of ones only.
    if (spec.counts[length] > 0 && code >= 1u << length) return "bad Huffman table";
    codes.limit[length] = code << (16 - length);
    code <<= 1;
  }
  codes.limit[17] = ~0u;
  for (int i = 0; i < total; ++i) {
    if (SymbolSize(spec.symbols[i], ac) > (ac ? kMaxAcSize : kMaxDcSize)) {
      return "Huffman table with values past 8-bit baseline";
    }
  }
  std::memcpy(codes.symbols, spec.symbols, sizeof codes.symbols);
  return {};
}

// A zero-size symbol is a run of 16 or ends the block, whatever its run: as libjpeg reads it.
uint32_t Advance(int symbol, bool ac) {
  if (!ac) return 1;
  const bool ends = (symbol & 15) == 0 && symbol != 0xf0;
  return ends ? kEndOfBlock : uint32_t(symbol >> 4) + 1;
}

// Fills the entries of one symbol, which has a code of `length` <= bits; returns their end.
uint64_t* FillSymbol(int symbol, int length, int bits, bool ac, uint64_t* out) {
  const int size = SymbolSize(symbol, ac);
  const int room = bits - length;
  if (size > 0 && room == 0) {  // not even the value's sign is in sight
    *out = kLongEntry;
    return out + 1;
  }
  const int beyond = std::max(size - room, 0);
  const int shown = size - beyond;
  const int copies = 1 << (room - shown);
  const uint64_t advance = Advance(symbol, ac);
  const uint64_t base =
      uint64_t(length + size) | advance << 8 | advance << 16 | uint64_t(64 - bits - beyond) << 24;
  for (int x = 0; x < 1 << shown; ++x) {
    const bool negative = size > 0 && (x >> (shown - 1)) == 0;
    const int value = (x << beyond) + (negative ? 1 - (1 << size) : 0);
    out = std::fill_n(out, copies, base | uint64_t(uint16_t(value)) << 32);
  }
  return out;
}

void FillEntries(const HuffmanSpec& spec, int bits, bool ac, uint64_t* entries) {
  uint64_t* out = entries;
  int index = 0;
  for (int length = 1; length <= bits; ++length) {
    for (int i = 0; i < spec.counts[length]; ++i) {
      out = FillSymbol(spec.symbols[index++], length, bits, ac, out);
    }
  }
  std::fill(out, entries + (size_t{1} << bits), kLongEntry);
}

// Joins entries with the symbol that follows, where both fit the bits looked at.
void AddPairs(uint64_t (&entries)[1 << kAcBits]) {
  uint64_t single[1 << kAcBits];
  std::memcpy(single, entries, sizeof single);
  for (uint32_t i = 0; i < std::size(entries); ++i) {
    const uint64_t first = single[i];
    const uint32_t first_bits = first & 255;
    if (first_bits >= kAcBits || (first >> 8 & kEndOfBlock) != 0) continue;
    const uint64_t second = single[(i << first_bits) % std::size(entries)];
    const uint32_t both_bits = first_bits + (second & 255);
    if (both_bits > kAcBits) continue;
    entries[i] = (first & 0xffff'0000'ff00) | both_bits |
                 ((first >> 8 & 255) + (second >> 8 & 255)) << 16 | uint64_t(64 - kAcBits) << 24 |
                 (second >> 32 & 0xffff) << 48;
  }
}

}  // namespace

Symbol SearchSymbol(const LongCodes& codes, uint64_t stream, int length) {
  const uint32_t top = uint32_t(stream >> 48);
  while (length <= 16 && top >= codes.limit[length]) ++length;
  if (length > 16) return {kEndOfBlock + 64, 0, 0};
  const int symbol = codes.symbols[(int(top >> (16 - length)) + codes.offset[length]) & 255];
  const int size = SymbolSize(symbol, codes.ac);
  const uint64_t tail = stream << length;
  const int shown = int((tail >> 1) >> (63 - size));
  const int value = shown + (tail >> 63 != 0 ? 0 : 1 - (1 << size));
  return {uint8_t(Advance(symbol, codes.ac)), uint8_t(length + size), int16_t(value)};
}

Reason BuildDcTable(const HuffmanSpec& spec, DcTable& table) {
  if (table.spec == spec) return {};
  table.spec = {};
  if (const Reason reason = FindCodes(spec, false, table.codes); !reason.empty()) return reason;
  FillEntries(spec, kDcBits, false, table.entries);
  table.spec = spec;
  return {};
}

Reason BuildAcTable(const HuffmanSpec& spec, AcTable& table) {
  if (table.spec == spec) return {};
  table.spec = {};
  if (const Reason reason = FindCodes(spec, true, table.codes); !reason.empty()) return reason;
  FillEntries(spec, kAcBits, true, table.entries);
  AddPairs(table.entries);
  table.spec = spec;
  return {};
}

}  // namespace imnorm::jpeg
