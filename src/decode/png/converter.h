// Unfiltered rows of a PNG -> pixels in the form asked for.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "decode/png/form.h"
#include "decode/png/header.h"
#include "decode/png/samples.h"

namespace imnorm::png {

// Unpacks bits, swaps bytes, looks up colours, adds the alpha of a transparent colour.
//
// Threads:  one a thread; buffers are kept between pictures
class Converter {
 public:
  // Begins a picture.
  void Start(const Header& header, const Form& form);

  // Converts up to `kMostRows` rows, stride bytes apart. Null: an index past the palette, which
  // libspng and others take for colours of their own.
  //
  // Shapes:   the result is [count][width][pixel_bytes()], `rows` itself where nothing is to be
  // done
  static constexpr int kMostRows = 16;
  const uint8_t* Convert(const uint8_t* rows, size_t stride, int width, int count);

  // Of a pixel of the form asked for.
  size_t pixel_bytes() const { return pixel_bytes_; }

 private:
  enum class Step { kNone, kSwap, kColors, kTransparency };

  Step ChooseStep(const Form& form) const;
  void BuildColors(const Form& form);
  bool AllInPalette(const uint8_t* indices, size_t size) const;
  void ConvertRow(const uint8_t* row, size_t pixels, uint8_t* out) const;

  const Header* header_ = nullptr;
  Step step_ = Step::kNone;
  bool unpacks_ = false;  // samples of less than 8 bits, first of all
  int channels_ = 3;      // of the form asked for
  size_t pixel_bytes_ = 3;
  Colors colors_;
  uint16_t key_[3] = {};           // the transparent colour
  std::vector<uint8_t> unpacked_;  // a row of samples of less than 8 bits, a byte each
  std::vector<uint8_t> made_;
};

}  // namespace imnorm::png
