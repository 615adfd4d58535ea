// Calls libspng to encode.
#include "drawing/png_file.h"

#include <spng.h>

#include <cstdlib>
#include <memory>

#include "io/durable_file.h"

namespace imnorm {

Result<std::vector<uint8_t>> EncodePng(const Image& image) {
  const std::unique_ptr<spng_ctx, void (*)(spng_ctx*)> context(spng_ctx_new(SPNG_CTX_ENCODER),
                                                               spng_ctx_free);
  if (!context) return Fail(ErrorCode::kTooLarge, "not enough memory");
  spng_ihdr header = {};
  header.width = uint32_t(image.width);
  header.height = uint32_t(image.height);
  header.bit_depth = 8;
  header.color_type = image.channels == 1 ? SPNG_COLOR_TYPE_GRAYSCALE : SPNG_COLOR_TYPE_TRUECOLOR;
  int code = spng_set_option(context.get(), SPNG_ENCODE_TO_BUFFER, 1);
  if (code == 0) code = spng_set_ihdr(context.get(), &header);
  if (code == 0) {
    code = spng_encode_image(context.get(), image.pixels.data(), image.pixels.size(), SPNG_FMT_PNG,
                             SPNG_ENCODE_FINALIZE);
  }
  size_t size = 0;
  const std::unique_ptr<void, void (*)(void*)> bytes(
      code == 0 ? spng_get_png_buffer(context.get(), &size, &code) : nullptr, std::free);
  if (code != 0 || !bytes) {
    return Fail(ErrorCode::kTooLarge, std::string("PNG encoder: ") + spng_strerror(code));
  }
  const auto* begin = static_cast<const uint8_t*>(bytes.get());
  return std::vector<uint8_t>(begin, begin + size);
}

Result<void> WritePng(const Image& image, const std::string& path, bool overwrite) {
  const auto bytes = EncodePng(image);
  if (!bytes) return Failed(bytes);
  return WriteWholeFile(path, {reinterpret_cast<const char*>(bytes->data()), bytes->size()},
                        overwrite);
}

}  // namespace imnorm
