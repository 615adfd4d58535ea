// Canonical Huffman codes: each length's codes follow the last one of the length before.
#include "decode/jpeg/codes.h"

#include <cstring>

namespace imnorm::jpeg {

Reason FindCodes(const HuffmanSpec& spec, LongCodes& codes) {
  uint32_t code = 0;
  int total = 0;
  for (int length = 1; length <= 16; ++length) {
    codes.offset[length - 1] = total - int(code);
    code += spec.counts[length];
    total += spec.counts[length];
    if (spec.counts[length] > 0 && code >= 1u << length) return "bad Huffman table";
    codes.limit[length - 1] = int32_t(code << (16 - length));
    code <<= 1;
  }
  std::memcpy(codes.symbols, spec.symbols, sizeof codes.symbols);
  return {};
}

FoundCode SearchCode(const LongCodes& codes, uint64_t stream) {
  const int32_t top = int32_t(stream >> 48);
  // All lengths, since nothing foretells where a search would stop.
  int length = 1;
  for (const int32_t limit : codes.limit) length += top >= limit ? 1 : 0;
  if (length > 16) return {-1, 0};
  return {codes.symbols[((top >> (16 - length)) + codes.offset[length - 1]) & 255], length};
}

}  // namespace imnorm::jpeg
