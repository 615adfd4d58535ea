// Collects a whole picture, then resizes and crops it as OpenCV does.
#include "geometry/opencv_resizer.h"

#include <cstring>

#include "geometry/opencv_resize.h"

namespace imnorm {

Result<Rect> OpencvResizer::Begin(const ImageInfo& info) {
  auto place = Place(plan_, info.width, info.height);
  if (!place) return Failed(place);
  place_ = *place;
  if (auto begun = out_.BeginPlaced(place_, info); !begun) {
    return Failed(begun);
  }
  picture_.Reshape(info.width, info.height, info.channels, info.type);
  return Rect{0, 0, info.width, info.height};
}

void OpencvResizer::Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) {
  for (int i = 0; i < count; ++i) {
    std::memcpy(picture_.row(y + i), rows + size_t(i) * stride_bytes, picture_.stride_bytes());
  }
}

Result<void> OpencvResizer::Finish() {
  const Image* whole = &picture_;
  if (place_.resized_width != picture_.width || place_.resized_height != picture_.height) {
    auto resized = OpencvResize(picture_, place_.resized_width, place_.resized_height,
                                plan_.resize.filter, resized_);
    if (!resized) return resized;
    whole = &resized_;
  }
  const size_t left = size_t(place_.window.x) * size_t(whole->channels) * ElementBytes(whole->type);
  for (int y = 0; y < place_.window.height; ++y) {
    out_.PlacedRow(y, whole->row(place_.window.y + y) + left);
  }
  return {};
}

}  // namespace imnorm
