// The scans of a progressive file, as their headers announce them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "decode/jpeg/markers.h"

namespace imnorm::jpeg {

// One scan: which coefficients of which components it brings, with which tables.
struct ScanSpec {
  int count = 0;  // of components
  int component[kMaxComponents] = {};
  int begin_k = 0;  // first and last coefficient: Ss and Se
  int last_k = 0;
  int high_bits = 0;  // Ah; 0: the first scan of this band
  int low_bits = 0;   // Al: bits that later scans bring
  int restart_interval = 0;
  HuffmanSpec dc[kMaxComponents];
  HuffmanSpec ac;
  size_t begin = 0;  // offset of its first entropy-coded byte
  size_t end = 0;    // offset of the marker behind its last one

  bool is_dc() const { return begin_k == 0; }
  bool refines() const { return high_bits != 0; }
};

// More are libjpeg-turbo's business, which limits them by the size of the picture.
inline constexpr size_t kMaxScans = 25;

struct Script {
  std::vector<ScanSpec> scans;
  size_t count = 0;  // of scans in use; the others are kept for their memory
};

// Reads the scan headers and what stands between the scans, from the first scan to the end of
// image.
//
// Rules:    accepts a progression that libjpeg-turbo decodes without a warning and without
// smoothing
//           blocks for want of coefficients: every band comes once, its refinements bit by bit, and
//           in the end all 64 coefficients of all components are known to their last bit. Huffman
//           tables and restart intervals may change between scans; what libjpeg-turbo latches at
//           the first scan (quantisation tables, colour) may not
// Errors:   a reason; never reads outside bytes; linear in their number
Reason ReadScript(std::span<const uint8_t> bytes, const Header& header, Script& script);

}  // namespace imnorm::jpeg
