// A picture that lives in the OpenCV module's memory.
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "decode/modules/opencv_api.h"
#include "imnorm/error.h"

namespace imnorm {

class OpencvPicture {
 public:
  // Decodes a whole file as it is stored: grey, RGB or RGBA, 8 or 16 bits.
  //
  // Errors:   kUnsupported: the module is missing; kCorrupt: OpenCV refuses the file
  static Result<OpencvPicture> Decode(std::span<const uint8_t> bytes);

  ~OpencvPicture();
  OpencvPicture(OpencvPicture&& other) noexcept
      : api_(other.api_), picture_(std::exchange(other.picture_, {})) {}
  OpencvPicture& operator=(OpencvPicture&&) = delete;

  int width() const { return picture_.width; }
  int height() const { return picture_.height; }
  int channels() const { return picture_.channels; }
  int sample_bytes() const { return picture_.sample_bytes; }
  const uint8_t* data() const { return picture_.data; }
  size_t stride_bytes() const { return picture_.stride_bytes; }

  // Asks that OpenCV read the same size out of the header as we did.
  //
  // Errors:   kCorrupt
  Result<void> CheckSizeIs(int64_t width, int64_t height) const;

 private:
  explicit OpencvPicture(const ImnormOpencvApi& api) : api_(&api) {}

  const ImnormOpencvApi* api_;
  ImnormOpencvPicture picture_ = {};
};

}  // namespace imnorm
