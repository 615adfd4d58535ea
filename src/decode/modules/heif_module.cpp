// The module imnorm_heif.so: the primary picture of a HEIF file through libheif, as pillow-heif has
// it.
#include <libheif/heif.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "decode/modules/picture_api.h"
#include "decode/modules/picture_refusal.h"
#include "decode/modules/silent_library.h"

namespace {

using Context = std::unique_ptr<heif_context, void (*)(heif_context*)>;
using Handle = std::unique_ptr<heif_image_handle, void (*)(const heif_image_handle*)>;
using Picture = std::unique_ptr<heif_image, void (*)(const heif_image*)>;

int Failed(char* out, const heif_error& error) {
  switch (error.code) {
    case heif_error_Memory_allocation_error:
      return RefusePicture(out, error.message, kImnormPictureTooLarge);
    case heif_error_Unsupported_filetype:
    case heif_error_Unsupported_feature:
      return RefusePicture(out, error.message, kImnormPictureUnread);
    default:
      return RefusePicture(out, error.message);
  }
}

// Rows of a picture that libheif has made RGB.
class Deliverer {
 public:
  Deliverer(const ImnormPictureRequest& request, int depth) : request_(request), depth_(depth) {}

  int Deliver(const heif_image* image) const {
    int stride_bytes = 0;
    const uint8_t* rows =
        heif_image_get_plane_readonly(image, heif_channel_interleaved, &stride_bytes);
    if (request_.colors == 1) return DeliverGray(rows, size_t(stride_bytes));
    if (request_.bits == 16) return DeliverWide(rows, size_t(stride_bytes));
    return request_.rows(request_.user, rows, size_t(stride_bytes), request_.height) != 0
               ? kImnormPictureStopped
               : kImnormPictureGood;
  }

 private:
  size_t stride() const {
    return size_t(request_.width) * size_t(request_.colors + request_.alpha) *
           (request_.bits == 16 ? 2 : 1);
  }

  // Grey out of three equal colours, and the alpha behind them.
  int DeliverGray(const uint8_t* plane, size_t plane_stride) const {
    const size_t step = 3 + size_t(request_.alpha);
    std::vector<uint16_t> row(size_t(request_.width) * size_t(1 + request_.alpha));
    std::vector<uint8_t> narrow(row.size());
    for (uint32_t y = 0; y < request_.height; ++y) {
      const uint8_t* in = plane + y * plane_stride;
      uint16_t* out = row.data();
      for (size_t x = 0; x < request_.width; ++x) {
        *out++ = Sample(in, x * step);
        if (request_.alpha != 0) *out++ = Sample(in, x * step + 3);
      }
      std::transform(row.begin(), row.end(), narrow.begin(), [](uint16_t s) { return uint8_t(s); });
      const auto* words = reinterpret_cast<const uint8_t*>(row.data());
      if (request_.rows(request_.user, request_.bits == 16 ? words : narrow.data(), stride(), 1)) {
        return kImnormPictureStopped;
      }
    }
    return kImnormPictureGood;
  }

  // Words of 10 or 12 bits, moved up to 16.
  int DeliverWide(const uint8_t* plane, size_t plane_stride) const {
    std::vector<uint16_t> row(stride() / 2);
    for (uint32_t y = 0; y < request_.height; ++y) {
      for (size_t i = 0; i < row.size(); ++i) row[i] = Sample(plane + y * plane_stride, i);
      const auto* words = reinterpret_cast<const uint8_t*>(row.data());
      if (request_.rows(request_.user, words, stride(), 1)) return kImnormPictureStopped;
    }
    return kImnormPictureGood;
  }

  uint16_t Sample(const uint8_t* row, size_t at) const {
    if (request_.bits == 8) return row[at];
    uint16_t word;
    std::memcpy(&word, row + 2 * at, 2);
    return uint16_t(word << (16 - depth_));
  }

  const ImnormPictureRequest& request_;
  const int depth_;  // of a sample as libheif gives it
};

heif_chroma ChromaOf(const ImnormPictureRequest& request) {
  if (request.bits == 8) {
    return request.alpha != 0 ? heif_chroma_interleaved_RGBA : heif_chroma_interleaved_RGB;
  }
  return request.alpha != 0 ? heif_chroma_interleaved_RRGGBBAA_LE
                            : heif_chroma_interleaved_RRGGBB_LE;
}

// The depth of the words that libheif gives; 0 where the picture is not as it was told.
int DepthOf(const heif_image* image, const ImnormPictureRequest& request) {
  constexpr heif_channel kRows = heif_channel_interleaved;
  const int depth = heif_image_get_bits_per_pixel_range(image, kRows);
  const bool as_told = heif_image_get_width(image, kRows) == int(request.width) &&
                       heif_image_get_height(image, kRows) == int(request.height) &&
                       heif_image_get_chroma_format(image) == ChromaOf(request);
  return !as_told || depth < 8 || depth > 16 || (request.bits == 8 && depth != 8) ? 0 : depth;
}

int Decode(const ImnormPictureRequest& request, char* error) {
  const Context context(heif_context_alloc(), heif_context_free);
  if (!context) throw std::bad_alloc();
  heif_context_set_max_decoding_threads(context.get(), 0);
  heif_error failed = heif_context_read_from_memory_without_copy(context.get(), request.bytes,
                                                                 request.size, nullptr);
  if (failed.code != heif_error_Ok) return Failed(error, failed);
  heif_image_handle* found = nullptr;
  failed = heif_context_get_primary_image_handle(context.get(), &found);
  if (failed.code != heif_error_Ok) return Failed(error, failed);
  const Handle handle(found, heif_image_handle_release);
  if (heif_image_handle_get_width(handle.get()) != int(request.width) ||
      heif_image_handle_get_height(handle.get()) != int(request.height) ||
      (heif_image_handle_has_alpha_channel(handle.get()) != 0) != (request.alpha != 0)) {
    return RefusePicture(error, "its headers contradict each other");
  }
  if (request.rows(request.user, nullptr, 0, 0) != 0) return kImnormPictureStopped;

  const std::unique_ptr<heif_decoding_options, void (*)(heif_decoding_options*)> options(
      heif_decoding_options_alloc(), heif_decoding_options_free);
  options->strict_decoding = 1;
  options->convert_hdr_to_8bit = request.bits == 8;
  heif_image* decoded = nullptr;
  failed = heif_decode_image(handle.get(), &decoded, heif_colorspace_RGB, ChromaOf(request),
                             options.get());
  if (failed.code != heif_error_Ok) return Failed(error, failed);
  const Picture picture(decoded, heif_image_release);
  const int depth = DepthOf(picture.get(), request);
  if (depth == 0) return RefusePicture(error, "its data are of another kind than its headers");
  return Deliverer(request, depth).Deliver(picture.get());
}

int DecodePicture(const ImnormPictureRequest* request, char* error) {
  return GuardedPicture(error, [&] { return Decode(*request, error); });
}

}  // namespace

// libheif has libde265 begin a thread, whatever it is told: pictures are what goes on at once here,
// and a shut in process may have none. Without it libde265 decodes in the thread that asks.
extern "C" __attribute__((visibility("default"))) int de265_start_worker_threads(void*, int) {
  return 0;
}

extern "C" __attribute__((visibility("default"))) const ImnormPictureApi* imnorm_heif_api() {
  static const ImnormPictureApi api = {kImnormPictureApi, "libheif", heif_get_version(),
                                       DecodePicture};
  return &api;
}
