// The header of a JPEG file: everything from SOI to the first scan.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace imnorm::jpeg {

constexpr int kMaxComponents = 3;
constexpr int kTableSlots = 4;

enum Marker : uint8_t {
  kSof0 = 0xc0,  // baseline
  kSof1 = 0xc1,  // extended sequential
  kSof2 = 0xc2,  // progressive
  kDht = 0xc4,
  kSoi = 0xd8,
  kEoi = 0xd9,
  kSos = 0xda,
  kDqt = 0xdb,
  kDri = 0xdd,
  kApp0 = 0xe0,
  kApp14 = 0xee,
  kApp15 = 0xef,
  kCom = 0xfe,
};
constexpr int kMaxBlocksPerMcu = 6;
constexpr int kGroupMcus = 4;  // MCUs transformed together

// Why a file is left to libjpeg-turbo: static text; empty means that nothing stands against it.
using Reason = std::string_view;

// A Huffman table as its DHT segment gives it.
struct HuffmanSpec {
  bool present = false;
  uint8_t counts[17] = {};  // counts[length], length 1..16
  uint8_t symbols[256] = {};
  bool operator==(const HuffmanSpec&) const = default;
};

struct Component {
  int id = 0;
  int h = 1;  // sampling factors, 1 or 2
  int v = 1;
  int quant_slot = 0;
  int dc_slot = 0;
  int ac_slot = 0;
};

enum class ColorSpace { kGray, kYcc, kRgb };

// What the segments before the first scan say.
struct Header {
  bool progressive = false;
  int width = 0;
  int height = 0;
  int component_count = 0;
  Component components[kMaxComponents];
  ColorSpace color = ColorSpace::kGray;
  int h_max = 1;  // sampling factors of the first component; the others have 1 x 1
  int v_max = 1;
  int mcus_x = 0;            // MCUs in a row
  int mcus_y = 0;            // rows of MCUs
  int restart_interval = 0;  // MCUs; 0: none
  bool quant_present[kTableSlots] = {};
  uint16_t quant[kTableSlots][64] = {};  // natural order
  HuffmanSpec dc[kTableSlots];
  HuffmanSpec ac[kTableSlots];
  size_t first_scan = 0;  // offset of the first scan's SOS marker
  size_t scan_begin = 0;  // baseline: offset of the first entropy-coded byte
};

// A marker with the bytes that belong to it.
struct Segment {
  uint8_t marker = 0;
  std::span<const uint8_t> body;
  size_t end = 0;
};

// Reads the segment at an offset.
//
// Errors:   a reason: no marker there, or a length that leads out of bytes
Reason NextSegment(std::span<const uint8_t> bytes, size_t at, Segment& segment);

// Segments that may also stand between scans.
Reason ReadHuffmanTables(std::span<const uint8_t> body, Header& header);
Reason ReadRestartInterval(std::span<const uint8_t> body, Header& header);

// Reads the header of a baseline or progressive file.
//
// Rules:    accepts what libjpeg-turbo accepts without a warning, and only what is usual: 8-bit
//           Huffman coding, sequential in one interleaved scan or progressive, 1 or 3 components,
//           chroma at full or half resolution each way, segments end to end. The colour space is
//           the one that libjpeg concludes from the JFIF and Adobe markers and the component names.
// Errors:   a reason; never reads outside bytes; linear in their number
Reason ReadHeader(std::span<const uint8_t> bytes, Header& header);

}  // namespace imnorm::jpeg
