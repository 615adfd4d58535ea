// The module imnorm_jpegxl.so: the first frame of a JPEG XL through libjxl, as djxl has it.
#include <jxl/decode.h>

#include <algorithm>
#include <cstdio>
#include <memory>
#include <new>
#include <vector>

#include "decode/modules/picture_api.h"
#include "decode/modules/picture_refusal.h"
#include "decode/modules/silent_library.h"

namespace {

// The file goes in by pieces, between which the run can end: of so many bytes, and as many as a
// small picture has.
constexpr size_t kPiece = size_t{1} << 16;

bool IsAsTold(const JxlBasicInfo& info, const ImnormPictureRequest& request) {
  return info.xsize == request.width && info.ysize == request.height &&
         int(info.num_color_channels) == request.colors &&
         (info.alpha_bits > 0) == (request.alpha != 0);
}

// One decoding: events of the decoder, in their order.
class Run {
 public:
  Run(const ImnormPictureRequest& request, char* error)
      : request_(request), error_(error), decoder_(JxlDecoderCreate(nullptr), JxlDecoderDestroy) {
    if (!decoder_) throw std::bad_alloc();
  }

  int Decode() {
    const int events = JXL_DEC_BASIC_INFO | JXL_DEC_FULL_IMAGE;
    if (JxlDecoderSubscribeEvents(decoder_.get(), events) != JXL_DEC_SUCCESS ||
        JxlDecoderSetKeepOrientation(decoder_.get(), JXL_TRUE) != JXL_DEC_SUCCESS) {
      return RefusePicture(error_, "libjxl does not begin");
    }
    while (true) {
      const JxlDecoderStatus status = JxlDecoderProcessInput(decoder_.get());
      if (status == JXL_DEC_FULL_IMAGE) return Deliver();
      const int outcome = Answer(status);
      if (outcome != kImnormPictureGood) return outcome;
    }
  }

 private:
  int Answer(JxlDecoderStatus status) {
    switch (status) {
      case JXL_DEC_NEED_MORE_INPUT:
        return GiveInput();
      case JXL_DEC_BASIC_INFO: {
        JxlBasicInfo info;
        if (JxlDecoderGetBasicInfo(decoder_.get(), &info) == JXL_DEC_SUCCESS &&
            IsAsTold(info, request_)) {
          return kImnormPictureGood;
        }
        return RefusePicture(error_, "its headers contradict each other");
      }
      case JXL_DEC_NEED_IMAGE_OUT_BUFFER:
        return GiveRoom();
      case JXL_DEC_SUCCESS:
        return RefusePicture(error_, "there is no frame in it");
      default:
        return RefusePicture(error_, "damaged JPEG XL data");
    }
  }

  int GiveInput() {
    if (request_.rows(request_.user, nullptr, 0, 0) != 0) return kImnormPictureStopped;
    if (given_ == request_.size)
      return RefusePicture(error_, "the file ends before the picture does");
    const size_t left = JxlDecoderReleaseInput(decoder_.get());
    const size_t begin = given_ - left;
    given_ = std::min(request_.size, given_ + kPiece);
    if (JxlDecoderSetInput(decoder_.get(), request_.bytes + begin, given_ - begin) !=
        JXL_DEC_SUCCESS) {
      return RefusePicture(error_, "damaged JPEG XL data");
    }
    return kImnormPictureGood;
  }

  int GiveRoom() {
    const JxlPixelFormat format = Format();
    pixels_.resize(stride() * request_.height);
    size_t wanted = 0;
    if (JxlDecoderImageOutBufferSize(decoder_.get(), &format, &wanted) != JXL_DEC_SUCCESS ||
        wanted != pixels_.size() ||
        JxlDecoderSetImageOutBuffer(decoder_.get(), &format, pixels_.data(), wanted) !=
            JXL_DEC_SUCCESS) {
      return RefusePicture(error_, "libjxl wants another picture than the headers tell of");
    }
    return kImnormPictureGood;
  }

  int Deliver() {
    return request_.rows(request_.user, pixels_.data(), stride(), request_.height) != 0
               ? kImnormPictureStopped
               : kImnormPictureGood;
  }

  JxlPixelFormat Format() const {
    return {uint32_t(request_.colors + request_.alpha),
            request_.bits == 16 ? JXL_TYPE_UINT16 : JXL_TYPE_UINT8, JXL_NATIVE_ENDIAN, 0};
  }

  size_t stride() const {
    return size_t(request_.width) * size_t(request_.colors + request_.alpha) *
           (request_.bits == 16 ? 2 : 1);
  }

  const ImnormPictureRequest& request_;
  char* const error_;
  const std::unique_ptr<JxlDecoder, void (*)(JxlDecoder*)> decoder_;
  std::vector<uint8_t> pixels_;
  size_t given_ = 0;
};

int DecodePicture(const ImnormPictureRequest* request, char* error) {
  return GuardedPicture(error, [&] { return Run(*request, error).Decode(); });
}

// "0.7.0" of 7000.
const char* Version() {
  static char text[32];
  const uint32_t version = JxlDecoderVersion();
  std::snprintf(text, sizeof(text), "%u.%u.%u", version / 1000000, version / 1000 % 1000,
                version % 1000);
  return text;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormPictureApi* imnorm_jpegxl_api() {
  static const ImnormPictureApi api = {kImnormPictureApi, "libjxl", Version(), DecodePicture};
  return &api;
}
