#include "decode/opencv_picture.h"

#include <fmt/format.h>

#include "decode/opencv.h"

namespace imnorm {

Result<OpencvPicture> OpencvPicture::Decode(std::span<const uint8_t> bytes) {
  const Result<const ImnormOpencvApi*> api = LoadOpencv();
  if (!api) return tl::unexpected<Error>(api.error());
  OpencvPicture picture(**api);
  char error[kImnormOpencvErrorBytes];
  if ((*api)->decode(bytes.data(), bytes.size(), 1, &picture.picture_, error) != 0) {
    return Fail(ErrorCode::kCorrupt, error);
  }
  return picture;
}

OpencvPicture::~OpencvPicture() {
  if (picture_.owner != nullptr) api_->release(&picture_);
}

Result<void> OpencvPicture::CheckSizeIs(int64_t width, int64_t height) const {
  if (picture_.width == width && picture_.height == height) return {};
  return Fail(ErrorCode::kCorrupt, fmt::format("the header says {} x {}, but OpenCV reads {} x {}",
                                               width, height, picture_.width, picture_.height));
}

}  // namespace imnorm
