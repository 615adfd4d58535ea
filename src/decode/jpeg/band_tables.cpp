// Tables for bands: a symbol may end thousands of blocks, and none may write past its band.
#include "decode/jpeg/band_tables.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <numeric>

namespace imnorm::jpeg {
namespace {

constexpr int kMaxAcSize = 10;

// The end of 1 << n blocks and of as many more as n bits say.
SymbolForm EndForm(int symbol) {
  SymbolForm form;
  form.size = symbol >> 4;
  form.is_signed = false;
  form.base = 1 << form.size;
  form.flags = kEndsBlock | kLoneEnd;
  return form;
}

SymbolForm BandForm(int symbol) {
  if (EndsBlocks(symbol)) return EndForm(symbol);
  SymbolForm form;
  form.size = symbol & 15;
  form.first = form.last = uint8_t((symbol >> 4) + 1);
  return form;
}

SymbolForm RefinementForm(int symbol) {
  if (EndsBlocks(symbol)) return EndForm(symbol);
  SymbolForm form;
  form.size = symbol & 15;
  form.first = uint8_t(symbol >> 4);
  form.last = uint8_t(symbol & 15);
  return form;
}

// Joins entries with the symbol that follows, where both fit the bits looked at. The end of a
// single block may be the second one.
void AddPairs(int low_bits, Entry (&entries)[1 << kTableBits]) {
  Entry single[1 << kTableBits];
  std::memcpy(single, entries, sizeof single);
  for (uint32_t i = 0; i < std::size(entries); ++i) {
    const Entry& first = single[i];
    // A long code drops more than all of them.
    if (first.drop >= kTableBits || (first.shift & kEndsBlock) != 0) continue;
    const Entry& second = single[(i << first.drop) % std::size(entries)];
    if (first.drop + second.drop > kTableBits) continue;
    const bool ends = (second.shift & kEndsBlock) != 0;
    if (ends && second.value != 1) continue;
    entries[i].drop = uint8_t(first.drop + second.drop);
    entries[i].last = uint8_t(first.last + second.last);
    entries[i].shift = uint8_t(second.shift & ~kLoneEnd);
    entries[i].second = ends ? int16_t{0} : int16_t(second.value * (1 << low_bits));
  }
}

Reason CheckSizes(const HuffmanSpec& spec, int most) {
  const int total = std::accumulate(std::begin(spec.counts), std::end(spec.counts), 0);
  for (int i = 0; i < total; ++i) {
    if ((spec.symbols[i] & 15) > most) return "Huffman table with values past 8-bit progressive";
  }
  return {};
}

}  // namespace

Reason BuildBandTable(const HuffmanSpec& spec, bool to_63, int low_bits, HuffmanTable& table) {
  if (const Reason reason = FindCodes(spec, table.codes); !reason.empty()) return reason;
  if (const Reason reason = CheckSizes(spec, kMaxAcSize); !reason.empty()) return reason;
  FillEntries(spec, BandForm, table.entries);
  if (to_63) AddPairs(low_bits, table.entries);
  return {};
}

Reason BuildRefinementTable(const HuffmanSpec& spec, HuffmanTable& table) {
  if (const Reason reason = FindCodes(spec, table.codes); !reason.empty()) return reason;
  if (const Reason reason = CheckSizes(spec, 1); !reason.empty()) return reason;
  FillEntries(spec, RefinementForm, table.entries);
  for (Entry& entry : table.entries) {
    const bool negative = (entry.shift & kEndsBlock) == 0 && entry.value < 0;
    entry.second = negative ? int16_t{-1} : int16_t{0};
  }
  return {};
}

}  // namespace imnorm::jpeg
