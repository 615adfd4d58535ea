// Lookup tables: canonical codes in order fill a table from its start.
#include "decode/jpeg/tables.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <numeric>

namespace imnorm::jpeg {
namespace {

constexpr int kMaxDcSize = 11;
constexpr int kMaxAcSize = 10;
// The entropy loops keep enough bits for two drops of this size; see bits-inl.h.
constexpr int kMostDropped = 21;
static_assert(kTableBits + kMaxDcSize <= kMostDropped && kTableBits + kMaxAcSize <= kMostDropped);

int SymbolSize(int symbol, bool ac) { return ac ? symbol & 15 : symbol; }

// A zero-size symbol is a run of 16 or ends the block, whatever its run: as libjpeg reads it.
int Advance(int symbol, bool ac) {
  if (!ac) return 1;
  const bool ends = (symbol & 15) == 0 && symbol != 0xf0;
  return ends ? kEndOfBlock : (symbol >> 4) + 1;
}

template <bool kAc>
SymbolForm FormOf(int symbol) {
  SymbolForm form;
  form.size = SymbolSize(symbol, kAc);
  const int advance = Advance(symbol, kAc);
  if (advance == kEndOfBlock) {
    form.flags = kEndsBlock;
  } else {
    form.first = form.last = uint8_t(advance);
  }
  return form;
}

// Fills the entries of one symbol, which has a code of `length` <= kTableBits; returns their end.
Entry* FillSymbol(const SymbolForm& form, int length, Entry* out) {
  const int room = kTableBits - length;
  const bool sign_in_sight = form.size == 0 || room > 0 || !form.is_signed;
  if (length + form.size > kMostDropped || !sign_in_sight) {
    return std::fill_n(out, size_t{1} << room, kLongEntry);
  }
  const int beyond = std::max(form.size - room, 0);
  const int shown = form.size - beyond;
  const int copies = 1 << (room - shown);
  Entry entry{};
  entry.drop = uint8_t(length + form.size);
  entry.first = form.first;
  entry.last = form.last;
  entry.shift = uint8_t(64 - kTableBits - beyond + form.flags);
  for (int x = 0; x < 1 << shown; ++x) {
    const bool negative = form.is_signed && form.size > 0 && (x >> (shown - 1)) == 0;
    entry.value = int16_t((x << beyond) + form.base + (negative ? 1 - (1 << form.size) : 0));
    out = std::fill_n(out, copies, entry);
  }
  return out;
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

template <bool kAc>
Reason Build(const HuffmanSpec& spec, HuffmanTable& table) {
  if (table.spec == spec) return {};
  table.spec = {};
  table.ac = kAc;
  if (const Reason reason = FindCodes(spec, table.codes); !reason.empty()) return reason;
  const int total = std::accumulate(std::begin(spec.counts), std::end(spec.counts), 0);
  for (int i = 0; i < total; ++i) {
    if (SymbolSize(spec.symbols[i], kAc) > (kAc ? kMaxAcSize : kMaxDcSize)) {
      return "Huffman table with values past 8-bit baseline";
    }
  }
  FillEntries(spec, FormOf<kAc>, table.entries);
  if (kAc) AddPairs(table.entries);
  table.spec = spec;
  return {};
}

}  // namespace

void FillEntries(const HuffmanSpec& spec, SymbolForm (*form_of)(int symbol),
                 Entry (&entries)[1 << kTableBits]) {
  Entry* out = entries;
  int index = 0;
  for (int length = 1; length <= kTableBits; ++length) {
    for (int i = 0; i < spec.counts[length]; ++i) {
      out = FillSymbol(form_of(spec.symbols[index++]), length, out);
    }
  }
  std::fill(out, std::end(entries), kLongEntry);
}

Symbol SearchSymbol(const HuffmanTable& table, uint64_t stream) {
  const FoundCode found = SearchCode(table.codes, stream);
  if (found.symbol < 0) return {kNoSuchCode, 0, 0};
  const int size = SymbolSize(found.symbol, table.ac);
  const int value = SignedValue(stream, found.length, size);
  return {uint8_t(Advance(found.symbol, table.ac)), uint8_t(found.length + size), int16_t(value)};
}

Reason BuildDcTable(const HuffmanSpec& spec, HuffmanTable& table) {
  return Build<false>(spec, table);
}

Reason BuildAcTable(const HuffmanSpec& spec, HuffmanTable& table) {
  return Build<true>(spec, table);
}

}  // namespace imnorm::jpeg
