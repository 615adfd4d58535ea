// Reads a JPEG's frame and scan headers for what they say of the coding process.
#include "decode/jpeg_kind.h"

#include "decode/bytes.h"

namespace imnorm {
namespace {

// The first frame header and the scan header behind it.
struct Frame {
  int marker = 0;
  int precision = 0;
  int height = 0;
  int width = 0;
  bool whole = false;         // its length and its numbers hold together
  bool hierarchical = false;  // DHP or EXP stands before the scan
  uint64_t scan_begin = 0;    // behind the scan header; 0: there is none
  int scan_tail[3] = {};      // Ss, Se, Ah and Al; of JPEG-LS NEAR, ILV, Pt
};

bool IsFrame(int marker) {
  return (marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc) ||
         marker == 0xf7;
}

void ReadFrame(const ByteView& view, uint64_t at, uint64_t length, Frame& frame) {
  frame.marker = view.U8(at + 1);
  frame.precision = view.U8(at + 4);
  frame.height = view.U16(at + 5);
  frame.width = view.U16(at + 7);
  const uint64_t components = view.U8(at + 9);
  frame.whole = components > 0 && length == 8 + 3 * components && frame.width > 0 &&
                frame.precision >= 2 && frame.precision <= 16;
}

Frame ReadHeaders(const ByteView& view) {
  Frame frame;
  for (uint64_t at = 2; view.Has(at, 4);) {
    const int marker = view.U8(at + 1);
    if (view.U8(at) != 0xff) break;
    if (marker == 0xff) {
      ++at;
      continue;
    }
    const uint64_t length = view.U16(at + 2);
    if (marker < 0xc0 || (marker >= 0xd0 && marker <= 0xd9) || length < 2 ||
        !view.Has(at + 2, length)) {
      break;
    }
    if (marker == 0xda) {
      frame.scan_begin = at + 2 + length;
      for (int i = 0; i < 3; ++i) frame.scan_tail[i] = view.U8(at + 2 + length - 3 + uint64_t(i));
      break;
    }
    if (marker == 0xde || marker == 0xdf) frame.hierarchical = true;
    if (IsFrame(marker) && frame.marker == 0) ReadFrame(view, at, length, frame);
    at += 2 + length;
  }
  return frame;
}

// The height of the first DNL segment behind the first scan's header; 0 where there is none.
// Coded data never hold a marker: there 0 follows each 0xff.
int HeightOfDnl(const ByteView& view, uint64_t from) {
  for (uint64_t at = from; view.Has(at, 6); ++at) {
    if (view.U16(at) == 0xffdc && view.U16(at + 2) == 4) return view.U16(at + 4);
  }
  return 0;
}

}  // namespace

std::string NameOfUnreadJpeg(std::span<const uint8_t> bytes) {
  const ByteView view(bytes, true);
  const Frame frame = ReadHeaders(view);
  const int* tail = frame.scan_tail;
  if (frame.hierarchical && (!frame.marker || frame.whole)) return "hierarchical JPEG";
  if (!frame.whole || frame.scan_begin == 0) return "";
  switch (frame.marker) {
    case 0xf7:
      return tail[1] <= 2 ? "JPEG-LS" : "";
    case 0xc3:
    case 0xcb:
      return tail[0] >= 1 && tail[0] <= 7 && tail[1] == 0 ? "lossless JPEG" : "";
    case 0xc5:
    case 0xc6:
    case 0xc7:
    case 0xcd:
    case 0xce:
    case 0xcf:
      return "";  // frames of a hierarchy, which DHP begins
    default:
      break;
  }
  if (frame.precision == 12) return "JPEG of 12 bits";
  const int height = HeightOfDnl(view, frame.scan_begin);
  if (height != 0 && height != frame.height) return "JPEG whose height follows its pixels (DNL)";
  return "";
}

}  // namespace imnorm
