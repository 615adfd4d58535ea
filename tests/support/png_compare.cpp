#include "support/png_compare.h"

#include <cstring>

#include "imnorm/rows.h"

namespace imnorm::png_compare {
namespace {

// Keeps the rows and whether they came as promised.
class Picture : public RowConsumer {
 public:
  Result<Rect> Begin(const ImageInfo& announced) override {
    info = announced;
    image.Reshape(info.width, info.height, info.channels, info.type);
    next_row = 0;
    in_order = true;
    return Rect{0, 0, info.width, info.height};
  }
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    in_order = in_order && y == next_row && y + count <= info.height;
    if (!in_order) return;
    for (int i = 0; i < count; ++i) {
      std::memcpy(image.row(y + i), rows + size_t(i) * stride_bytes, image.stride_bytes());
    }
    next_row = y + count;
  }
  bool complete() const { return in_order && next_row == info.height; }

  ImageInfo info;
  Image image;
  int next_row = 0;
  bool in_order = false;
};

bool SameNotes(const DecodeReport& a, const DecodeReport& b) {
  for (size_t i = 0; i < kNoteKinds; ++i) {
    if (a.kinds.Has(NoteKind(i)) != b.kinds.Has(NoteKind(i))) return false;
  }
  if (a.notes.size() != b.notes.size()) return false;
  for (size_t i = 0; i < a.notes.size(); ++i) {
    if (a.notes[i].kind != b.notes[i].kind || a.notes[i].text != b.notes[i].text) return false;
  }
  return true;
}

std::string Difference(const Picture& a, const DecodeReport& of_a, const Picture& b,
                       const DecodeReport& of_b) {
  if (!a.complete()) return "rows are missing";
  if (!b.complete()) return "rows of libspng are missing";
  if (a.info.width != b.info.width || a.info.height != b.info.height ||
      a.info.channels != b.info.channels || a.info.type != b.info.type ||
      a.info.has_alpha != b.info.has_alpha) {
    return "another shape";
  }
  if (!SameNotes(of_a, of_b)) return "other notes";
  return a.image.pixels == b.image.pixels ? "" : "other bytes";
}

}  // namespace

Comparison Compare(Decoder& decoder, std::span<const uint8_t> bytes, DecodeOptions options) {
  Comparison comparison;
  Picture ours, theirs;
  options.png = PngDecoder::kAuto;
  const auto of_ours = decoder.Decode(bytes, options, ours);
  options.png = PngDecoder::kSpng;
  const auto of_theirs = decoder.Decode(bytes, options, theirs);
  comparison.sound = of_ours.has_value();
  if (!of_ours) {
    if (of_theirs) {
      comparison.complaint = "refused, but libspng reads it: " + of_ours.error().message;
    } else if (of_ours.error().code != of_theirs.error().code ||
               of_ours.error().message != of_theirs.error().message) {
      comparison.complaint =
          "other words: " + of_ours.error().message + " / " + of_theirs.error().message;
    }
    return comparison;
  }
  comparison.own = of_ours->fallback.empty();
  comparison.fallback = of_ours->fallback;
  comparison.complaint = of_theirs ? Difference(ours, *of_ours, theirs, *of_theirs)
                                   : "read, but libspng says: " + of_theirs.error().message;
  return comparison;
}

DecodeOptions OptionsNumber(unsigned n) {
  constexpr AlphaPolicy kAlphas[] = {AlphaPolicy::kDrop, AlphaPolicy::kMask,
                                     AlphaPolicy::kComposite};
  constexpr DecodeChannels kChannels[] = {DecodeChannels::kRgb, DecodeChannels::kGray,
                                          DecodeChannels::kNative};
  DecodeOptions options;
  options.alpha = kAlphas[n % 3];
  options.channels = kChannels[n / 3 % 3];
  options.depth = n / 9 % 2 == 0 ? 8 : 16;
  options.palette_indices = n / 18 % 2 == 1;
  options.background[0] = 10;
  return options;
}

}  // namespace imnorm::png_compare
