// Filtered rows -> rows of pixels, delivered band by band.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "decode/delivery.h"
#include "decode/png/converter.h"
#include "decode/png/form.h"
#include "decode/png/header.h"
#include "decode/png/passes.h"

namespace imnorm::png {

// Undoes filters, makes pixels, and hands them to a Delivery that was begun.
//
// Threads:  one a thread; buffers are kept between pictures
class RowMaker {
 public:
  enum class Status { kMore, kStopped, kBad };

  // Begins a picture.
  void Start(const Header& header, const Form& form, const DecodeOptions& options,
             Delivery& delivery);

  // Takes bytes of the stream, whole rows of them; `used` is how many. kUnfilterSlack more bytes
  // must be readable.
  Status Add(const uint8_t* in, size_t size, size_t& used);

  // Bytes of the longest row of the stream.
  size_t longest_row() const { return RowBytes(header_->width, header_->bits_per_pixel()) + 1; }
  // Every row was taken.
  bool complete() const { return passes_.empty(); }
  // Why not, after kBad.
  Reason reason() const { return reason_; }
  // Delivers an interlaced picture, which is known as a whole only. False: stopped.
  [[nodiscard]] bool Finish();

 private:
  int PassWidth() const { return passes_.front().Width(header_->width); }
  int PassHeight() const { return passes_.front().Height(header_->height); }
  void SkipEmptyPasses();
  Status AddBand(const uint8_t* in, int width, int count);
  void Place(const uint8_t* pixels, int width, int count);

  const Header* header_ = nullptr;
  const DecodeOptions* options_ = nullptr;
  Delivery* delivery_ = nullptr;
  Converter converter_;
  std::span<const Pass> passes_;  // from the one on that the next row belongs to
  int pass_row_ = 0;
  Reason reason_;
  std::vector<uint8_t> zeros_;    // the row above the first
  std::vector<uint8_t> rows_;     // unfiltered: the last row of the band before, and a band
  std::vector<uint8_t> picture_;  // of an interlaced one
};

}  // namespace imnorm::png
