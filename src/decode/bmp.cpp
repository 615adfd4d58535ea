#include "decode/bmp.h"

#include <fmt/format.h>

#include "decode/bmp_header.h"
#include "decode/opencv.h"
#include "decode/opencv_picture.h"

namespace imnorm {
namespace {

// OpenCV leaves 5 and 6 bits at the top of their byte; Pillow spreads them over 0..255, truncating.
void SpreadRow(const uint8_t* in, int width, bool six_bit_green, uint8_t* out) {
  const int green_shift = six_bit_green ? 2 : 3;
  const int green_max = six_bit_green ? 63 : 31;
  for (int i = 0; i < width; ++i, in += 3, out += 3) {
    out[0] = uint8_t((in[0] >> 3) * 255 / 31);
    out[1] = uint8_t((in[1] >> green_shift) * 255 / green_max);
    out[2] = uint8_t((in[2] >> 3) * 255 / 31);
  }
}

Result<void> CheckLength(std::span<const uint8_t> bytes, const BmpHeader& header) {
  if (header.run_length()) return {};
  const uint64_t row = (uint64_t(header.width) * uint64_t(header.bits) + 31) / 32 * 4;
  const uint64_t needed = row * uint64_t(header.height);
  if (header.pixel_offset > bytes.size() || bytes.size() - header.pixel_offset < needed) {
    return Fail(ErrorCode::kCorrupt, "the file ends before the picture does");
  }
  return {};
}

}  // namespace

Result<void> BmpDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                RowConsumer& consumer, DecodeReport& report) {
  const Result<BmpHeader> header = ParseBmpHeader(bytes);
  if (!header) return tl::unexpected<Error>(header.error());
  if (auto size = CheckSize(header->width, header->height, options); !size) return size;
  report.stored_width = int(header->width);
  report.stored_height = int(header->height);
  if (auto length = CheckLength(bytes, *header); !length) return length;

  if (header->has_palette()) {
    RebuildWithFullPalette(bytes, *header, rebuilt_);
    bytes = rebuilt_;
  }
  Result<OpencvPicture> picture = OpencvPicture::Decode(bytes);
  if (!picture) return tl::unexpected<Error>(std::move(picture.error()));
  if (auto same = picture->CheckSizeIs(header->width, header->height); !same) return same;

  SourceInfo source{picture->width(), picture->height()};
  source.kind = picture->channels() == 1   ? PixelKind::kGray
                : picture->channels() == 4 ? PixelKind::kRgba
                                           : PixelKind::kRgb;
  DecodeOptions effective = options;
  // Without a mask for it the fourth byte means nothing.
  if (header->masks[3] == 0) effective.alpha = AlphaPolicy::kDrop;
  if (auto begun = delivery_.Begin(source, effective, consumer); !begun) return begun;
  if (header->bits != 16) {
    delivery_.Rows(picture->data(), picture->stride_bytes(), source.height);
    return {};
  }
  row_.resize(source.stride_bytes());
  for (int y = 0; y < source.height; ++y) {
    SpreadRow(picture->data() + size_t(y) * picture->stride_bytes(), source.width,
              header->masks[1] == 0x7e0, row_.data());
    delivery_.Rows(row_.data(), row_.size(), 1);
  }
  return {};
}

}  // namespace imnorm
