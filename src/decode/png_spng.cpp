// Calls libspng, row by row, and zlib for what libspng passes over.
#include "decode/png_spng.h"

#include <fmt/format.h>
#include <spng.h>

#include <algorithm>
#include <memory>
#include <new>

#include "decode/png/ending.h"
#include "decode/png/form.h"
#include "decode/png/passes.h"
#include "decode/png_chunks.h"

namespace imnorm {
namespace {

constexpr int kBandRows = 16;

// What a palette or transparency may take in libspng: nothing larger than these is left.
constexpr size_t kMaxChunkBytes = size_t(1) << 16;
constexpr size_t kMaxCacheBytes = size_t(1) << 17;

struct ContextDeleter {
  void operator()(spng_ctx* context) const { spng_ctx_free(context); }
};
using Context = std::unique_ptr<spng_ctx, ContextDeleter>;

tl::unexpected<Error> Failure(int code) {
  switch (code) {
    case SPNG_EMEM:
      throw std::bad_alloc();
    case SPNG_EOVERFLOW:
      return Fail(ErrorCode::kTooLarge, spng_strerror(code));
    default:
      return Fail(ErrorCode::kCorrupt, spng_strerror(code));
  }
}

// How pixels in a form are asked of libspng.
struct Request {
  int format;
  int flags;
};

Request RequestOf(const png::Form& form, const spng_ihdr& header) {
  const bool wide = form.type == ElementType::kU16;
  const bool stored_alpha = header.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA ||
                            header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA;
  if (HasAlpha(form.kind) && !stored_alpha) {
    return {wide ? SPNG_FMT_RGBA16 : SPNG_FMT_RGBA8, SPNG_DECODE_TRNS};
  }
  if (form.indices) return {SPNG_FMT_PNG, 0};
  if (header.color_type == SPNG_COLOR_TYPE_INDEXED) return {SPNG_FMT_RGB8, 0};
  if (header.color_type == SPNG_COLOR_TYPE_GRAYSCALE && !wide) return {SPNG_FMT_G8, 0};
  return {SPNG_FMT_PNG, 0};
}

int SamplesOf(const spng_ihdr& header) {
  switch (header.color_type) {
    case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA:
      return 2;
    case SPNG_COLOR_TYPE_TRUECOLOR:
      return 3;
    case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA:
      return 4;
    default:
      return 1;
  }
}

// Samples of 1, 2 or 4 bits, the first in the highest bits of a byte.
void Unpack(const uint8_t* packed, int bits, std::vector<uint8_t>& samples) {
  const size_t per_byte = 8 / size_t(bits);
  for (size_t x = 0; x < samples.size(); ++x) {
    const int shift = 8 - bits * int(x % per_byte + 1);
    samples[x] = uint8_t(packed[x / per_byte] >> shift & ((1 << bits) - 1));
  }
}

// Rows are asked for one by one, of interlaced pictures too, so that a run can end between them.
int BeginRows(spng_ctx* context, const Request& request) {
  return spng_decode_image(context, nullptr, 0, request.format,
                           request.flags | SPNG_DECODE_PROGRESSIVE);
}

}  // namespace

Result<void> SpngDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                 RowConsumer& consumer, DecodeReport& report) {
  const Result<PngChunks> chunks = KeepPixelChunks(bytes, kept_);
  if (!chunks) return Failed(chunks);
  Context context(spng_ctx_new(0));
  if (!context) return Failure(SPNG_EMEM);
  spng_set_crc_action(context.get(), SPNG_CRC_ERROR, SPNG_CRC_ERROR);
  spng_set_chunk_limits(context.get(), kMaxChunkBytes, kMaxCacheBytes);
  int code = spng_set_png_buffer(context.get(), chunks->bytes.data(), chunks->bytes.size());
  if (code != 0) return Failure(code);
  spng_ihdr header;
  if ((code = spng_get_ihdr(context.get(), &header)) != 0) return Failure(code);
  if (auto size = CheckSize(header.width, header.height, options); !size) return size;

  spng_trns transparency;
  code = spng_get_trns(context.get(), &transparency);
  if (code != 0 && code != SPNG_ECHUNKAVAIL) return Failure(code);
  const bool transparent = code == 0;
  const png::Form form =
      png::ChooseForm(png::ColorType(header.color_type), header.bit_depth, transparent, options);
  const Request request = RequestOf(form, header);
  const SourceInfo source{int(header.width), int(header.height), form.kind, form.type};
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  // Indices of less than 8 bits come as the file packs them.
  const int packed_bits = form.indices ? header.bit_depth : 8;
  const size_t stride = packed_bits < 8 ? (size_t(header.width) * size_t(packed_bits) + 7) / 8
                                        : source.stride_bytes();
  const auto deliver = [&](int count) {
    if (packed_bits == 8) return delivery_.Rows(rows_.data(), stride, count);
    unpacked_.resize(header.width);
    for (int i = 0; i < count; ++i) {
      Unpack(rows_.data() + size_t(i) * stride, packed_bits, unpacked_);
      if (!delivery_.Rows(unpacked_.data(), unpacked_.size(), 1)) return false;
    }
    return true;
  };

  if (header.interlace_method != SPNG_INTERLACE_NONE) {
    rows_.resize(stride * header.height);
    // Passes add their samples to those of a byte.
    if (packed_bits < 8) std::fill(rows_.begin(), rows_.end(), uint8_t{0});
    if ((code = BeginRows(context.get(), request)) != 0) return Failure(code);
    for (uint32_t row = 0; code == 0; ++row) {
      if (row % kBandRows == 0 && options.stopped()) return Stopped();
      spng_row_info info;
      if ((code = spng_get_row_info(context.get(), &info)) != 0) break;
      code = spng_decode_row(context.get(), rows_.data() + stride * info.row_num, stride);
    }
    if (code != SPNG_EOI) return Failure(code);
    if (!deliver(source.height)) return Stopped();
  } else {
    rows_.resize(stride * kBandRows);
    if ((code = BeginRows(context.get(), request)) != 0) return Failure(code);
    for (int y = 0; y < source.height;) {
      const int count = std::min(kBandRows, source.height - y);
      for (int i = 0; i < count; ++i) {
        code = spng_decode_row(context.get(), rows_.data() + size_t(i) * stride, stride);
        if (code != 0 && code != SPNG_EOI) return Failure(code);
      }
      if (!deliver(count)) return Stopped();
      y += count;
    }
  }
  // What stands after the pixels, checksums and the end marker.
  if ((code = spng_decode_chunks(context.get())) != 0) return Failure(code);

  const Result<png::Ending> ending = png::CheckEnding(
      chunks->bytes,
      png::StreamBytes(source.width, source.height, SamplesOf(header) * header.bit_depth,
                       header.interlace_method != SPNG_INTERLACE_NONE),
      options.stop);
  if (!ending) return Failed(ending);
  if (ending->longer || ending->trailing) {
    report.Say(NoteKind::kCodecWarning,
               ending->longer ? "harmless to the pixels: more of them than the picture has"
                              : "harmless to the pixels: something follows their stream");
  }
  const bool alpha = transparent || header.color_type == SPNG_COLOR_TYPE_GRAYSCALE_ALPHA ||
                     header.color_type == SPNG_COLOR_TYPE_TRUECOLOR_ALPHA;
  png::Say(options, header.bit_depth, alpha, chunks->animated, report);
  return {};
}

const char* SpngVersion() { return spng_version_string(); }

}  // namespace imnorm
