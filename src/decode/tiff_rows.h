// What a TIFF's samples mean, and how a row of them becomes a row that Delivery takes.
#pragma once

#include <cstdint>
#include <vector>

#include "decode/delivery.h"
#include "decode/modules/tiff_api.h"
#include "imnorm/decode.h"
#include "imnorm/error.h"

namespace imnorm {

enum class TiffMeaning {
  kGray,           // 1 to 8 bits, or 16
  kPalette,        // with an alpha sample where kind says so
  kColor,          // grey + alpha, RGB, RGBA; further samples are left out
  kPremultiplied,  // RGBA whose colours were multiplied by alpha
  kCmyk,
  kBands,  // as they are, in the type that holds them exactly
};

struct TiffPlan {
  TiffMeaning meaning = TiffMeaning::kBands;
  PixelKind kind = PixelKind::kBands;
};

// Decides what to make of a file.
//
// Source:   OPEN_INFO of Pillow's TiffImagePlugin.py
// Errors:   kUnsupported
Result<TiffPlan> PlanTiff(const ImnormTiffInfo& info, DecodeChannels channels);

// Turns rows of samples, as the module delivers them, into rows of the plan's kind.
class TiffRowConverter {
 public:
  TiffRowConverter(const ImnormTiffInfo& info, const TiffPlan& plan, int depth);

  // What comes out.
  const SourceInfo& source() const { return source_; }

  // Converts one row; `out` is source().stride_bytes() long, `narrow` scratch.
  void Convert(const uint8_t* in, std::vector<uint8_t>& narrow, uint8_t* out) const;

 private:
  void ConvertBands(const uint8_t* in, uint8_t* out) const;
  void ConvertBytes(const uint8_t* in, uint8_t* out) const;
  void ConvertWords(const uint16_t* in, uint16_t* out) const;

  ImnormTiffInfo info_;
  TiffPlan plan_;
  bool narrow_first_ = false;  // Pillow keeps the high byte before it looks at alpha
  SourceInfo source_;
  std::vector<uint8_t> table_;  // grey by sample value, or the palette's RGB
};

}  // namespace imnorm
