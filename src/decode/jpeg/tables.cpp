#include "decode/jpeg/tables.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace imnorm::jpeg {
namespace {

constexpr int kMaxDcSize = 11;
constexpr int kMaxAcSize = 10;
// The entropy loop keeps enough bits for two drops of this size; see entropy.cpp.
static_assert(kTableBits + kMaxDcSize <= 21 && kTableBits + kMaxAcSize <= 21);

int SymbolSize(int symbol, bool ac) { return ac ? symbol & 15 : symbol; }

// The canonical code, or why it is none.
Reason FindCodes(const HuffmanSpec& spec, bool ac, LongCodes& codes) {
  codes.ac = ac;
  uint32_t code = 0;
  int total = 0;
  for (int length = 1; length <= 16; ++length) {
    codes.offset[length - 1] = total - int(code);
    code += spec.counts[length];
    total += spec.counts[length];
    // libjpeg-turbo also refuses a code of ones only.
    if (spec.counts[length] > 0 && code >= 1u << length) return "bad Huffman table";
    codes.limit[length - 1] = int32_t(code << (16 - length));
    code <<= 1;
  }
  for (int i = 0; i < total; ++i) {
    if (SymbolSize(spec.symbols[i], ac) > (ac ? kMaxAcSize : kMaxDcSize)) {
      return "Huffman table with values past 8-bit baseline";
    }
  }
  std::memcpy(codes.symbols, spec.symbols, sizeof codes.symbols);
  return {};
}

// A zero-size symbol is a run of 16 or ends the block, whatever its run: as libjpeg reads it.
int Advance(int symbol, bool ac) {
  if (!ac) return 1;
  const bool ends = (symbol & 15) == 0 && symbol != 0xf0;
  return ends ? kEndOfBlock : (symbol >> 4) + 1;
}

// Fills the entries of one symbol, which has a code of `length` <= kTableBits; returns their end.
Entry* FillSymbol(int symbol, int length, bool ac, Entry* out) {
  const int size = SymbolSize(symbol, ac);
  const int room = kTableBits - length;
  if (size > 0 && room == 0) {  // not even the value's sign is in sight
    *out = kLongEntry;
    return out + 1;
  }
  const int beyond = std::max(size - room, 0);
  const int shown = size - beyond;
  const int copies = 1 << (room - shown);
  const int advance = Advance(symbol, ac);
  const bool ends = advance == kEndOfBlock;
  Entry entry{};
  entry.drop = uint8_t(length + size);
  entry.first = entry.last = uint8_t(ends ? 1 : advance);
  entry.shift = uint8_t(64 - kTableBits - beyond + (ends ? kEndsBlock : 0));
  for (int x = 0; x < 1 << shown; ++x) {
    const bool negative = size > 0 && (x >> (shown - 1)) == 0;
    entry.value = int16_t((x << beyond) + (negative ? 1 - (1 << size) : 0));
    out = std::fill_n(out, copies, entry);
  }
  return out;
}

void FillEntries(const HuffmanSpec& spec, bool ac, Entry* entries) {
  Entry* out = entries;
  int index = 0;
  for (int length = 1; length <= kTableBits; ++length) {
    for (int i = 0; i < spec.counts[length]; ++i) {
      out = FillSymbol(spec.symbols[index++], length, ac, out);
    }
  }
  std::fill(out, entries + (size_t{1} << kTableBits), kLongEntry);
}

// Joins entries with the symbol that follows, where both fit the bits looked at.
void AddPairs(Entry (&entries)[1 << kTableBits]) {
  Entry single[1 << kTableBits];
  std::memcpy(single, entries, sizeof single);
  for (uint32_t i = 0; i < std::size(entries); ++i) {
    const Entry& first = single[i];
    // A long code drops more than all of them.
    if (first.drop >= kTableBits || (first.shift & kEndsBlock) != 0) continue;
    const Entry& second = single[(i << first.drop) % std::size(entries)];
    if (first.drop + second.drop > kTableBits) continue;
    entries[i].drop = uint8_t(first.drop + second.drop);
    entries[i].last = uint8_t(first.last + second.last);
    entries[i].shift = second.shift;
    entries[i].second = second.value;
  }
}

}  // namespace

Symbol SearchSymbol(const LongCodes& codes, uint64_t stream) {
  const int32_t top = int32_t(stream >> 48);
  // All lengths, since nothing foretells where a search would stop.
  int length = 1;
  for (const int32_t limit : codes.limit) length += top >= limit ? 1 : 0;
  if (length > 16) return {kNoSuchCode, 0, 0};
  const int symbol = codes.symbols[((top >> (16 - length)) + codes.offset[length - 1]) & 255];
  const int size = SymbolSize(symbol, codes.ac);
  const uint64_t tail = stream << length;
  const int shown = int((tail >> 1) >> (63 - size));
  const int value = shown + (tail >> 63 != 0 ? 0 : 1 - (1 << size));
  return {uint8_t(Advance(symbol, codes.ac)), uint8_t(length + size), int16_t(value)};
}

Reason BuildDcTable(const HuffmanSpec& spec, HuffmanTable& table) {
  if (table.spec == spec) return {};
  table.spec = {};
  if (const Reason reason = FindCodes(spec, false, table.codes); !reason.empty()) return reason;
  FillEntries(spec, false, table.entries);
  table.spec = spec;
  return {};
}

Reason BuildAcTable(const HuffmanSpec& spec, HuffmanTable& table) {
  if (table.spec == spec) return {};
  table.spec = {};
  if (const Reason reason = FindCodes(spec, true, table.codes); !reason.empty()) return reason;
  FillEntries(spec, true, table.entries);
  AddPairs(table.entries);
  table.spec = spec;
  return {};
}

}  // namespace imnorm::jpeg
