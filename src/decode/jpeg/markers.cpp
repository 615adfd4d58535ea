// The header: segments end to end, each with what it may hold.
#include "decode/jpeg/markers.h"

#include <algorithm>
#include <cstring>

#include "decode/jpeg/zigzag.h"

namespace imnorm::jpeg {
namespace {

using Bytes = std::span<const uint8_t>;

// libjpeg-turbo's JPEG_MAX_DIMENSION.
constexpr int kMaxDimension = 65500;

int U16(Bytes bytes, size_t at) { return bytes[at] << 8 | bytes[at + 1]; }

// What the APP segments say of colour.
struct AppMarkers {
  bool jfif = false;
  int adobe_transform = -1;  // -1: no Adobe marker
};

Reason ReadQuantTables(Bytes body, Header& header) {
  while (!body.empty()) {
    const int wide = body[0] >> 4;
    const int slot = body[0] & 15;
    const size_t size = wide ? 128 : 64;
    if (wide > 1 || slot >= kTableSlots) return "unusual quantisation table";
    if (body.size() < 1 + size) return "quantisation table cut short";
    for (int k = 0; k < 64; ++k) {
      const int value = wide ? U16(body, 1 + 2 * k) : body[1 + k];
      // 0 divides nothing in a decoder, and more than int16 is cut by libjpeg.
      if (value == 0 || value > 0x7fff) return "unusual quantisation table";
      header.quant[slot][kNaturalOrder.at[k]] = uint16_t(value);
    }
    header.quant_present[slot] = true;
    body = body.subspan(1 + size);
  }
  return {};
}

// Sampling of the first component against the others, and the MCU grid that follows.
Reason SetGrid(Header& header) {
  Component& first = header.components[0];
  if (header.component_count == 1) first.h = first.v = 1;  // a lone component is not interleaved
  if (first.h < 1 || first.h > 2 || first.v < 1 || first.v > 2) return "unusual sampling";
  for (int c = 1; c < header.component_count; ++c) {
    if (header.components[c].h != 1 || header.components[c].v != 1) return "unusual sampling";
  }
  header.h_max = first.h;
  header.v_max = first.v;
  // libjpeg-turbo repeats such chroma instead of interpolating it.
  if (header.h_max == 2 && header.width <= 4) return "very narrow chroma";
  header.mcus_x = (header.width + 8 * header.h_max - 1) / (8 * header.h_max);
  header.mcus_y = (header.height + 8 * header.v_max - 1) / (8 * header.v_max);
  return {};
}

Reason ReadFrame(Bytes body, Header& header) {
  if (header.component_count != 0) return "second frame header";
  if (body.size() < 6) return "frame header cut short";
  if (body[0] != 8) return "not 8-bit";
  header.height = U16(body, 1);
  header.width = U16(body, 3);
  const int count = body[5];
  if (count != 1 && count != 3) return "not one or three components";
  if (header.width < 1 || header.height < 1 || header.width > kMaxDimension ||
      header.height > kMaxDimension) {
    return "unusual picture size";
  }
  if (body.size() != 6 + 3 * size_t(count)) return "frame header of odd length";
  header.component_count = count;
  for (int c = 0; c < count; ++c) {
    Component& component = header.components[c];
    component.id = body[6 + 3 * c];
    component.h = body[7 + 3 * c] >> 4;
    component.v = body[7 + 3 * c] & 15;
    component.quant_slot = body[8 + 3 * c];
    if (component.h < 1 || component.h > 4 || component.v < 1 || component.v > 4) {
      return "unusual sampling";
    }
    for (int other = 0; other < c; ++other) {
      if (header.components[other].id == component.id) return "two components of one name";
    }
  }
  return SetGrid(header);
}

Reason ReadScan(Bytes body, Header& header) {
  const int count = header.component_count;
  if (body.size() != 4 + 2 * size_t(count) || body[0] != count) return "more than one scan";
  for (int c = 0; c < count; ++c) {
    Component& component = header.components[c];
    if (body[1 + 2 * c] != component.id) return "components out of order";
    component.dc_slot = body[2 + 2 * c] >> 4;
    component.ac_slot = body[2 + 2 * c] & 15;
    if (component.dc_slot >= kTableSlots || component.ac_slot >= kTableSlots ||
        component.quant_slot >= kTableSlots || !header.dc[component.dc_slot].present ||
        !header.ac[component.ac_slot].present || !header.quant_present[component.quant_slot]) {
      return "scan without its tables";
    }
  }
  const Bytes tail = body.last(3);
  if (tail[0] != 0 || tail[1] != 63 || tail[2] != 0) return "not sequential";
  return {};
}

// libjpeg's rules (default_decompress_parms): JFIF, then Adobe, then the component names.
Reason SetColor(const AppMarkers& app, Header& header) {
  if (header.component_count == 1) return {};
  const auto named = [&](int a, int b, int c) {
    return header.components[0].id == a && header.components[1].id == b &&
           header.components[2].id == c;
  };
  if (app.jfif) {
    header.color = ColorSpace::kYcc;
  } else if (app.adobe_transform >= 0) {
    if (app.adobe_transform > 1) return "unknown Adobe colour transform";
    header.color = app.adobe_transform == 1 ? ColorSpace::kYcc : ColorSpace::kRgb;
  } else {
    header.color = named('R', 'G', 'B') ? ColorSpace::kRgb : ColorSpace::kYcc;
  }
  return {};
}

Reason ReadApp(uint8_t marker, Bytes body, AppMarkers& app) {
  if (marker == kApp0 && body.size() >= 14 && std::memcmp(body.data(), "JFIF", 5) == 0) {
    if (body[5] != 1) return "unknown JFIF version";
    app.jfif = true;
  }
  if (marker == kApp14 && body.size() >= 12 && std::memcmp(body.data(), "Adobe", 5) == 0) {
    app.adobe_transform = body[11];
  }
  return {};
}

Reason ReadSegment(uint8_t marker, Bytes body, AppMarkers& app, Header& header) {
  if ((marker >= kApp0 && marker <= kApp15) || marker == kCom) return ReadApp(marker, body, app);
  switch (marker) {
    case kDqt:
      return ReadQuantTables(body, header);
    case kDht:
      return ReadHuffmanTables(body, header);
    case kSof0:
    case kSof1:
      return ReadFrame(body, header);
    case kSof2:
      header.progressive = true;
      return ReadFrame(body, header);
    case kDri:
      return ReadRestartInterval(body, header);
    case 0xc9:
    case 0xca:
      return "arithmetic coding";
    default:
      return "unusual marker";
  }
}

}  // namespace

Reason ReadHuffmanTables(Bytes body, Header& header) {
  while (!body.empty()) {
    const int ac = body[0] >> 4;
    const int slot = body[0] & 15;
    if (ac > 1 || slot >= kTableSlots) return "unusual Huffman table";
    if (body.size() < 17) return "Huffman table cut short";
    HuffmanSpec& spec = ac ? header.ac[slot] : header.dc[slot];
    spec = {};
    size_t total = 0;
    for (int length = 1; length <= 16; ++length) total += spec.counts[length] = body[length];
    if (total > 256 || body.size() < 17 + total) return "Huffman table cut short";
    std::memcpy(spec.symbols, body.data() + 17, total);
    spec.present = true;
    body = body.subspan(17 + total);
  }
  return {};
}

Reason ReadRestartInterval(Bytes body, Header& header) {
  if (body.size() != 2) return "restart interval of odd length";
  header.restart_interval = U16(body, 0);
  return {};
}

Reason NextSegment(Bytes bytes, size_t at, Segment& segment) {
  if (bytes.size() - at < 4) return "header cut short";
  if (bytes[at] != 0xff || bytes[at + 1] == 0xff) return "bytes between segments";
  segment.marker = bytes[at + 1];
  const size_t length = size_t(U16(bytes, at + 2));
  if (length < 2 || length > bytes.size() - at - 2) return "segment cut short";
  segment.body = bytes.subspan(at + 4, length - 2);
  segment.end = at + 2 + length;
  return {};
}

Reason ReadHeader(Bytes bytes, Header& header) {
  header = {};
  AppMarkers app;
  if (bytes.size() < 2 || bytes[0] != 0xff || bytes[1] != kSoi) return "no start of image";
  size_t at = 2;
  while (true) {
    Segment segment;
    if (const Reason reason = NextSegment(bytes, at, segment); !reason.empty()) return reason;
    if (segment.marker == kSos) {
      header.first_scan = at;
      header.scan_begin = segment.end;
      if (header.component_count == 0) return "scan before frame header";
      if (!header.progressive) {
        if (const Reason reason = ReadScan(segment.body, header); !reason.empty()) return reason;
      }
      return SetColor(app, header);
    }
    const Reason reason = ReadSegment(segment.marker, segment.body, app, header);
    if (!reason.empty()) return reason;
    at = segment.end;
  }
}

}  // namespace imnorm::jpeg
