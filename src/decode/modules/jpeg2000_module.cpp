// The module imnorm_jpeg2000.so: JPEG 2000 through openjpeg, tile by tile and by Pillow's rules.
#include <openjpeg.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>
#include <new>
#include <vector>

#include "decode/modules/picture_api.h"
#include "decode/modules/picture_refusal.h"

namespace {

// The file as openjpeg reads it, and the first thing that it found wrong.
struct Source {
  const ImnormPictureRequest& request;
  size_t at = 0;
  bool stopped = false;
  char reason[kImnormPictureErrorBytes] = {};
};

OPJ_SIZE_T Read(void* out, OPJ_SIZE_T count, void* user) {
  auto& source = *static_cast<Source*>(user);
  if (source.request.rows(source.request.user, nullptr, 0, 0) != 0) source.stopped = true;
  const size_t left = source.request.size - source.at;
  if (source.stopped || left == 0) return OPJ_SIZE_T(-1);
  const size_t n = std::min<size_t>(count, left);
  std::memcpy(out, source.request.bytes + source.at, n);
  source.at += n;
  return n;
}

OPJ_OFF_T Skip(OPJ_OFF_T count, void* user) {
  auto& source = *static_cast<Source*>(user);
  const auto left = OPJ_OFF_T(source.request.size - source.at);
  if (count < 0 || left == 0) return -1;
  count = std::min(count, left);
  source.at += size_t(count);
  return count;
}

OPJ_BOOL Seek(OPJ_OFF_T at, void* user) {
  auto& source = *static_cast<Source*>(user);
  if (at < 0 || size_t(at) > source.request.size) return OPJ_FALSE;
  source.at = size_t(at);
  return OPJ_TRUE;
}

// The first reason is the cause of the others; they end in line feeds.
void OnError(const char* message, void* user) {
  auto& source = *static_cast<Source*>(user);
  if (source.reason[0] != 0) return;
  std::snprintf(source.reason, sizeof(source.reason), "%s", message);
  source.reason[std::strcspn(source.reason, "\n")] = 0;
}

void Ignore(const char*, void*) {}

// How the samples of one component become those that are wanted.
struct Scale {
  int bytes;        // of a decoded sample: 1 or 2
  uint32_t offset;  // signed samples are moved up; what is reduced is rounded
  int up, down;     // bits to shift
};

Scale ScaleOf(const opj_image_comp_t& component, int bits) {
  const int precision = int(component.prec);
  Scale scale = {};
  scale.bytes = precision > 8 ? 2 : 1;
  scale.offset = component.sgnd ? 1u << (precision - 1) : 0;
  scale.up = std::max(0, bits - precision);
  scale.down = std::max(0, precision - bits);
  if (scale.down > 0) scale.offset += 1u << (scale.down - 1);
  return scale;
}

// Pillow's arithmetic, but that it lets the rounded top of a range wrap to 0.
template <typename In, typename Out>
void Convert(const Scale& scale, const uint8_t* data, size_t pixels, int step, Out* out) {
  constexpr uint32_t kMost = Out(~Out(0));
  constexpr uint32_t kRange = uint32_t(In(~In(0))) + 1;
  const bool is_signed = scale.offset >= kRange / 2;
  for (size_t i = 0; i < pixels; ++i, out += step) {
    In sample;
    std::memcpy(&sample, data + i * sizeof(In), sizeof(In));
    uint32_t value = is_signed ? uint32_t(In(sample + In(kRange / 2))) + scale.offset - kRange / 2
                               : sample + scale.offset;
    value = value << scale.up >> scale.down;
    *out = Out(std::min(value, kMost));
  }
}

// The picture that tiles are put into.
class Canvas {
 public:
  Canvas(const ImnormPictureRequest& request, const opj_image_t& image)
      : request_(request), image_(image), samples_(int(image.numcomps)) {
    pixels_.resize(size_t(request.width) * request.height * size_t(samples_) * sample_bytes());
  }

  // False where the tile is outside of the picture, or a second one of its kind.
  bool Put(int32_t x0, int32_t y0, int32_t x1, int32_t y1, const uint8_t* data, size_t size) {
    const int64_t left = int64_t{x0} - image_.x0, top = int64_t{y0} - image_.y0;
    const int64_t width = int64_t{x1} - x0, height = int64_t{y1} - y0;
    if (left < 0 || top < 0 || width <= 0 || height <= 0 || left + width > request_.width ||
        top + height > request_.height) {
      return false;
    }
    const auto tile = size_t(width * height);
    for (int c = 0; c < samples_; ++c) {
      const Scale scale = ScaleOf(image_.comps[c], request_.bits);
      if (size < tile * size_t(scale.bytes)) return false;
      for (int64_t y = 0; y < height; ++y) {
        PutRow(scale, data + size_t(y * width) * size_t(scale.bytes), size_t(width), left, top + y,
               c);
      }
      data += tile * size_t(scale.bytes);
      size -= tile * size_t(scale.bytes);
    }
    covered_ += tile;
    return true;
  }

  bool complete() const { return covered_ == uint64_t(request_.width) * request_.height; }
  // CMYK is wanted as JPEG has it.
  void Invert() {
    for (uint8_t& sample : pixels_) sample = uint8_t(~sample);
  }
  int Deliver() const {
    return request_.rows(request_.user, pixels_.data(), stride(), request_.height);
  }

 private:
  size_t sample_bytes() const { return request_.bits == 16 ? 2 : 1; }
  size_t stride() const { return size_t(request_.width) * size_t(samples_) * sample_bytes(); }

  void PutRow(const Scale& scale, const uint8_t* data, size_t pixels, int64_t x, int64_t y,
              int component) {
    uint8_t* place = pixels_.data() + size_t(y) * stride() +
                     (size_t(x) * size_t(samples_) + size_t(component)) * sample_bytes();
    if (request_.bits == 16) {
      auto* wide = reinterpret_cast<uint16_t*>(place);
      scale.bytes == 1 ? Convert<uint8_t>(scale, data, pixels, samples_, wide)
                       : Convert<uint16_t>(scale, data, pixels, samples_, wide);
    } else {
      scale.bytes == 1 ? Convert<uint8_t>(scale, data, pixels, samples_, place)
                       : Convert<uint16_t>(scale, data, pixels, samples_, place);
    }
  }

  const ImnormPictureRequest& request_;
  const opj_image_t& image_;
  const int samples_;
  std::vector<uint8_t> pixels_;
  uint64_t covered_ = 0;
};

bool IsAsTold(const opj_image_t& image, const ImnormPictureRequest& request) {
  if (image.x1 - image.x0 != request.width || image.y1 - image.y0 != request.height ||
      int(image.numcomps) != request.colors + request.alpha) {
    return false;
  }
  return std::all_of(image.comps, image.comps + image.numcomps, [](const opj_image_comp_t& c) {
    return c.dx == 1 && c.dy == 1 && c.prec >= 1 && c.prec <= 16;
  });
}

struct Close {
  void operator()(opj_codec_t* codec) const { opj_destroy_codec(codec); }
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};

// Puts every tile of the file into the canvas; false with a reason where that fails.
bool ReadTiles(opj_codec_t* codec, opj_stream_t* stream, Canvas& canvas) {
  std::vector<uint8_t> data;
  while (true) {
    uint32_t index = 0, size = 0, components = 0;
    int32_t x0 = 0, y0 = 0, x1 = 0, y1 = 0;
    OPJ_BOOL goes_on = OPJ_FALSE;
    if (!opj_read_tile_header(codec, stream, &index, &size, &x0, &y0, &x1, &y1, &components,
                              &goes_on)) {
      return false;
    }
    if (!goes_on) return true;
    data.resize(std::max<size_t>(data.size(), size));
    if (!opj_decode_tile_data(codec, index, data.data(), size, stream) ||
        !canvas.Put(x0, y0, x1, y1, data.data(), size)) {
      return false;
    }
  }
}

int Decode(const ImnormPictureRequest& request, char* error) {
  Source source{request};
  const std::unique_ptr<opj_stream_t, void (*)(opj_stream_t*)> stream(
      reinterpret_cast<opj_stream_t*>(opj_stream_create(1 << 20, OPJ_TRUE)),
      [](opj_stream_t* s) { opj_stream_destroy(s); });
  const bool bare = request.size > 1 && request.bytes[0] == 0xff;
  const std::unique_ptr<opj_codec_t, Close> codec(
      opj_create_decompress(bare ? OPJ_CODEC_J2K : OPJ_CODEC_JP2));
  if (!stream || !codec) throw std::bad_alloc();
  opj_stream_set_read_function(stream.get(), Read);
  opj_stream_set_skip_function(stream.get(), Skip);
  opj_stream_set_seek_function(stream.get(), Seek);
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), request.size);
  opj_set_error_handler(codec.get(), OnError, &source);
  opj_set_warning_handler(codec.get(), Ignore, nullptr);
  opj_set_info_handler(codec.get(), Ignore, nullptr);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  opj_image_t* made = nullptr;
  const bool begun = opj_setup_decoder(codec.get(), &parameters) &&
                     opj_codec_set_threads(codec.get(), 0) &&
                     opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) &&
                     opj_read_header(stream.get(), codec.get(), &made);
  const std::unique_ptr<opj_image_t, Close> image(made);
  const auto failed = [&] {
    if (source.stopped) return int(kImnormPictureStopped);
    return RefusePicture(
        error, source.reason[0] != 0 ? source.reason : "the file ends before the picture does");
  };
  if (!begun) return failed();
  if (!IsAsTold(*image, request)) return RefusePicture(error, "its headers contradict each other");
  Canvas canvas(request, *image);
  if (!ReadTiles(codec.get(), stream.get(), canvas) || !canvas.complete()) return failed();
  if (request.colors == 4) canvas.Invert();
  return canvas.Deliver() != 0 ? kImnormPictureStopped : kImnormPictureGood;
}

int DecodePicture(const ImnormPictureRequest* request, char* error) {
  return GuardedPicture(error, [&] { return Decode(*request, error); });
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormPictureApi* imnorm_jpeg2000_api() {
  static const ImnormPictureApi api = {kImnormPictureApi, "openjpeg", opj_version(), DecodePicture};
  return &api;
}
