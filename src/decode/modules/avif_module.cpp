// The module imnorm_avif.so: the primary picture of an AVIF, or a frame of its sequence, through
// libavif, as Pillow calls it.
#include <avif/avif.h>

#include <memory>
#include <new>
#include <vector>

#include "decode/modules/picture_api.h"
#include "decode/modules/picture_refusal.h"
#include "decode/modules/silent_library.h"

namespace {

int Failed(char* error, const avifDecoder& decoder, avifResult result) {
  if (result == AVIF_RESULT_OUT_OF_MEMORY) throw std::bad_alloc();
  const bool unread = result == AVIF_RESULT_NO_CODEC_AVAILABLE ||
                      result == AVIF_RESULT_UNSUPPORTED_DEPTH ||
                      result == AVIF_RESULT_NOT_IMPLEMENTED;
  const char* reason = decoder.diag.error[0] != 0 ? decoder.diag.error : avifResultToString(result);
  return RefusePicture(error, reason, unread ? kImnormPictureUnread : kImnormPictureDamaged);
}

using Image = std::unique_ptr<avifImage, void (*)(avifImage*)>;

// A copy whose samples of colour keep their 8 high bits: what Pillow's libavif converts. Alpha is
// rounded.
Image Narrowed(const avifImage& image) {
  Image narrow(avifImageCreate(image.width, image.height, 8, image.yuvFormat), avifImageDestroy);
  if (!narrow) throw std::bad_alloc();
  narrow->yuvRange = image.yuvRange;
  narrow->yuvChromaSamplePosition = image.yuvChromaSamplePosition;
  narrow->colorPrimaries = image.colorPrimaries;
  narrow->transferCharacteristics = image.transferCharacteristics;
  narrow->matrixCoefficients = image.matrixCoefficients;
  narrow->alphaPremultiplied = image.alphaPremultiplied;
  const bool alpha = image.alphaPlane != nullptr;
  if (avifImageAllocatePlanes(narrow.get(), alpha ? AVIF_PLANES_ALL : AVIF_PLANES_YUV) !=
      AVIF_RESULT_OK) {
    throw std::bad_alloc();
  }
  avifPixelFormatInfo format;
  avifGetPixelFormatInfo(image.yuvFormat, &format);
  for (int plane = 0; plane < (alpha ? 4 : 3); ++plane) {
    const bool chroma = plane == 1 || plane == 2;
    const uint32_t width =
        chroma ? (image.width + uint32_t(format.chromaShiftX)) >> format.chromaShiftX : image.width;
    const uint32_t height =
        chroma ? (image.height + uint32_t(format.chromaShiftY)) >> format.chromaShiftY
               : image.height;
    const uint8_t* in = plane == 3 ? image.alphaPlane : image.yuvPlanes[plane];
    uint8_t* out = plane == 3 ? narrow->alphaPlane : narrow->yuvPlanes[plane];
    const size_t in_stride = plane == 3 ? image.alphaRowBytes : image.yuvRowBytes[plane];
    const size_t out_stride = plane == 3 ? narrow->alphaRowBytes : narrow->yuvRowBytes[plane];
    const uint32_t most = (1u << image.depth) - 1;
    for (uint32_t y = 0; y < height; ++y) {
      const auto* row = reinterpret_cast<const uint16_t*>(in + y * in_stride);
      for (uint32_t x = 0; x < width; ++x) {
        out[y * out_stride + x] = plane == 3 ? uint8_t((row[x] * 255u + most / 2) / most)
                                             : uint8_t(row[x] >> (image.depth - 8));
      }
    }
  }
  return narrow;
}

// Whether Pillow's libavif (1.4) converts 8 bits of a deeper picture: where libyuv has no function
// for more, as it has for 10 bits and for 4:2:0 with alpha, and has one for 8.
bool IsNarrowedFirst(const avifImage& image, bool alpha) {
  return image.depth > 8 && image.yuvFormat != AVIF_PIXEL_FORMAT_YUV400 &&
         image.matrixCoefficients != AVIF_MATRIX_COEFFICIENTS_IDENTITY &&
         !(alpha && (image.depth == 10 || image.yuvFormat == AVIF_PIXEL_FORMAT_YUV420));
}

// Leaves one of three equal colours, and the alpha behind them.
template <typename Sample>
void KeepOne(size_t pixels, int alpha, Sample* samples) {
  const Sample* in = samples;
  for (size_t i = 0; i < pixels; ++i, in += 3 + alpha) {
    *samples++ = in[0];
    if (alpha != 0) *samples++ = in[3];
  }
}

void KeepGray(const ImnormPictureRequest& request, std::vector<uint8_t>& pixels) {
  const size_t count = size_t(request.width) * request.height;
  if (request.bits == 16) {
    KeepOne(count, request.alpha, reinterpret_cast<uint16_t*>(pixels.data()));
  } else {
    KeepOne(count, request.alpha, pixels.data());
  }
}

int Decode(const ImnormPictureRequest& request, char* error) {
  const std::unique_ptr<avifDecoder, void (*)(avifDecoder*)> decoder(avifDecoderCreate(),
                                                                     avifDecoderDestroy);
  if (!decoder) throw std::bad_alloc();
  decoder->maxThreads = 1;
  decoder->ignoreExif = decoder->ignoreXMP = AVIF_TRUE;
  decoder->imageSizeLimit = request.width * request.height;
  decoder->imageDimensionLimit = 0;
  // As Pillow: old writers leave `pixi` out, and `clap` is not used.
  decoder->strictFlags =
      AVIF_STRICT_ENABLED & ~(AVIF_STRICT_CLAP_VALID | AVIF_STRICT_PIXI_REQUIRED);
  avifResult result = avifDecoderSetSource(decoder.get(), request.of_sequence != 0
                                                              ? AVIF_DECODER_SOURCE_TRACKS
                                                              : AVIF_DECODER_SOURCE_PRIMARY_ITEM);
  if (result == AVIF_RESULT_OK) {
    result = avifDecoderSetIOMemory(decoder.get(), request.bytes, request.size);
  }
  if (result == AVIF_RESULT_OK) result = avifDecoderParse(decoder.get());
  if (result != AVIF_RESULT_OK) return Failed(error, *decoder, result);
  const avifImage& image = *decoder->image;
  const bool gray = image.yuvFormat == AVIF_PIXEL_FORMAT_YUV400;
  if (image.width != request.width || image.height != request.height ||
      (decoder->alphaPresent != 0) != (request.alpha != 0) || gray != (request.colors == 1)) {
    return RefusePicture(error, "its headers contradict each other");
  }
  if (request.rows(request.user, nullptr, 0, 0) != 0) return kImnormPictureStopped;
  if (request.frame > 0 && request.frame >= uint64_t(decoder->imageCount)) {
    return RefusePicture(error, "its sequence has fewer frames than its headers tell of");
  }
  result = avifDecoderNthImage(decoder.get(), uint32_t(request.frame));
  if (result != AVIF_RESULT_OK) return Failed(error, *decoder, result);
  if (image.width != request.width || image.height != request.height) {
    return RefusePicture(error, "its data are of another size than its headers");
  }

  avifRGBImage rgb;
  avifRGBImageSetDefaults(&rgb, &image);
  rgb.depth = uint32_t(request.bits);
  rgb.format = request.alpha != 0 ? AVIF_RGB_FORMAT_RGBA : AVIF_RGB_FORMAT_RGB;
  std::vector<uint8_t> pixels(size_t(avifRGBImagePixelSize(&rgb)) * image.width * image.height);
  rgb.pixels = pixels.data();
  rgb.rowBytes = avifRGBImagePixelSize(&rgb) * image.width;
  if (rgb.depth == 8 && IsNarrowedFirst(image, request.alpha != 0)) {
    const Image narrow = Narrowed(image);
    result = avifImageYUVToRGB(narrow.get(), &rgb);
  } else {
    result = avifImageYUVToRGB(&image, &rgb);
  }
  if (result != AVIF_RESULT_OK) return Failed(error, *decoder, result);
  if (gray) KeepGray(request, pixels);
  const size_t stride =
      size_t(image.width) * size_t(request.colors + request.alpha) * size_t(request.bits / 8);
  return request.rows(request.user, rgb.pixels, stride, image.height) != 0 ? kImnormPictureStopped
                                                                           : kImnormPictureGood;
}

int DecodePicture(const ImnormPictureRequest* request, char* error) {
  return GuardedPicture(error, [&] { return Decode(*request, error); });
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormPictureApi* imnorm_avif_api() {
  static const ImnormPictureApi api = {kImnormPictureApi, "libavif", avifVersion(), DecodePicture};
  return &api;
}
