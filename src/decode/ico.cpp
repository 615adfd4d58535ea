// Finds the largest picture of an icon, and lays its mask beside its colours.
#include "decode/ico.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <memory>

#include "decode/bmp_header.h"
#include "decode/bytes.h"
#include "decode/png_codec.h"

namespace imnorm {
namespace {

constexpr uint64_t kHead = 6;
constexpr uint64_t kEntryBytes = 16;
constexpr uint64_t kFileHeader = 14;  // of a BMP, which the bitmap of an icon lacks

// One picture of several.
struct Entry {
  int area = 0;
  int depth = 0;      // by which pictures of one size are told apart
  int said_bits = 0;  // a pixel, as the directory says
  uint64_t at = 0;
  uint64_t size = 0;
};

Entry ReadEntry(const ByteView& view, uint64_t at) {
  const auto side = [&](uint64_t place) { return view.U8(place) == 0 ? 256 : view.U8(place); };
  const auto colors = unsigned(view.U8(at + 2));
  Entry entry;
  entry.area = side(at) * side(at + 1);
  entry.said_bits = view.U16(at + 6);
  entry.size = view.U32(at + 8);
  entry.at = view.U32(at + 12);
  entry.depth = entry.said_bits != 0 ? entry.said_bits
                : colors > 1         ? std::bit_width(colors - 1)
                                     : 256;
  return entry;
}

Result<Entry> LargestEntry(std::span<const uint8_t> bytes) {
  const ByteView view(bytes);
  const uint64_t count = view.U16(4);
  if (!view.Has(kHead, count * kEntryBytes)) {
    return Fail(ErrorCode::kCorrupt, "the file ends within the list of its pictures");
  }
  Entry largest;
  for (uint64_t i = 0; i < count; ++i) {
    const Entry entry = ReadEntry(view, kHead + i * kEntryBytes);
    const bool better =
        entry.area > largest.area || (entry.area == largest.area && entry.depth < largest.depth);
    if (i == 0 || better) largest = entry;
  }
  if (count == 0 || largest.at >= bytes.size()) {
    return Fail(ErrorCode::kCorrupt, "its largest picture is not in the file");
  }
  return largest;
}

bool IsPng(std::span<const uint8_t> bytes) { return kPngCodec.recognises(bytes); }

// The headers of a bitmap, whose height counts the mask too; both halves have as many rows.
struct Bitmap {
  uint64_t header_bytes = 0;
  int64_t width = 0;
  int64_t height = 0;  // of a half
  bool top_down = false;
};

Result<Bitmap> ReadBitmap(std::span<const uint8_t> bytes) {
  const ByteView view(bytes);
  Bitmap bitmap;
  bitmap.header_bytes = view.U32(0);
  const bool old = bitmap.header_bytes == 12;
  if (!view.Has(0, old ? 12 : 40)) {
    return Fail(ErrorCode::kCorrupt, "the file ends within the header of its largest picture");
  }
  const int64_t height = old ? view.U16(6) : int32_t(view.U32(8));
  bitmap.width = old ? view.U16(4) : int32_t(view.U32(4));
  bitmap.height = std::abs(height) / 2;
  bitmap.top_down = height < 0;
  if (bitmap.width < 1 || bitmap.height < 1) return NoPixels(bitmap.width, bitmap.height);
  return bitmap;
}

// The same as a BMP of the upper half alone.
void MakeBmp(std::span<const uint8_t> bytes, const Bitmap& bitmap, std::vector<uint8_t>& bmp) {
  bmp.assign(kFileHeader, 0);
  bmp[0] = 'B';
  bmp[1] = 'M';
  bmp.insert(bmp.end(), bytes.begin(), bytes.end());
  const bool old = bitmap.header_bytes == 12;
  const auto height = uint32_t(bitmap.top_down ? -bitmap.height : bitmap.height);
  for (uint64_t i = 0; i < (old ? 2 : 4); ++i) {
    bmp[kFileHeader + (old ? 6 : 8) + i] = uint8_t(height >> (8 * i));
  }
}

// The bits of transparent pixels or the bytes of alpha, bottom row first.
class Mask {
 public:
  static Result<Mask> Of(std::span<const uint8_t> bytes, const Entry& entry, const Bitmap& bitmap,
                         const BmpHeader& header) {
    Mask mask;
    mask.is_alpha_ = entry.said_bits == 32;
    mask.stride_ = uint64_t(mask.is_alpha_ ? bitmap.width * 4 : (bitmap.width + 31) / 32 * 4);
    mask.height_ = bitmap.height;
    const uint64_t size = mask.stride_ * uint64_t(bitmap.height);
    if (mask.is_alpha_ && header.bits != 32) {
      return Fail(ErrorCode::kUnsupported,
                  fmt::format("its list says 32 bits a pixel, and its largest picture {}; save it "
                              "as PNG",
                              header.bits));
    }
    const uint64_t end = entry.at + entry.size;
    if (!mask.is_alpha_ && end < size) {
      return Fail(ErrorCode::kCorrupt, "its largest picture is smaller than its mask");
    }
    const uint64_t at = mask.is_alpha_ ? entry.at + header.pixel_offset - kFileHeader : end - size;
    mask.rows_ = ByteView(bytes).Slice(at, size);
    if (mask.rows_.empty()) return Fail(ErrorCode::kCorrupt, "the file ends within its mask");
    return mask;
  }

  uint8_t At(int64_t x, int64_t y) const {
    const uint8_t* row = rows_.data() + uint64_t(height_ - 1 - y) * stride_;
    if (is_alpha_) return row[x * 4 + 3];
    return (row[x / 8] >> (7 - x % 8) & 1) != 0 ? 0 : 255;
  }

 private:
  bool is_alpha_ = false;
  uint64_t stride_ = 0;
  int64_t height_ = 0;
  std::span<const uint8_t> rows_;
};

// Takes the colours and hands them on with alpha.
class Joiner : public RowConsumer {
 public:
  Joiner(const Mask& mask, const DecodeOptions& options, RowConsumer& consumer, Delivery& delivery,
         std::vector<uint8_t>& row)
      : mask_(mask), options_(options), consumer_(consumer), delivery_(delivery), row_(row) {}

  Result<Rect> Begin(const ImageInfo& info) override {
    const SourceInfo source{info.width, info.height, PixelKind::kRgba};
    if (auto begun = delivery_.Begin(source, options_, consumer_); !begun) return Failed(begun);
    row_.resize(source.stride_bytes());
    return Rect{0, 0, info.width, info.height};
  }

  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    for (int i = 0; i < count && goes_on_; ++i, rows += stride_bytes) {
      for (size_t x = 0; x < row_.size() / 4; ++x) {
        std::copy_n(rows + x * 3, 3, row_.data() + x * 4);
        row_[x * 4 + 3] = mask_.At(int64_t(x), y + i);
      }
      goes_on_ = delivery_.Rows(row_.data(), row_.size(), 1);
    }
  }

 private:
  const Mask& mask_;
  const DecodeOptions& options_;
  RowConsumer& consumer_;
  Delivery& delivery_;
  std::vector<uint8_t>& row_;
  bool goes_on_ = true;
};

}  // namespace

Result<void> IcoDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                RowConsumer& consumer, DecodeReport& report) {
  const Result<Entry> entry = LargestEntry(bytes);
  if (!entry) return Failed(entry);
  const std::span<const uint8_t> picture = bytes.subspan(size_t(entry->at));
  if (IsPng(picture)) {
    if (!png_) png_ = kPngCodec.make();
    DecodeOptions first = options;
    first.frame.reset();
    return png_->Decode(picture, first, consumer, report);
  }
  const Result<Bitmap> bitmap = ReadBitmap(picture);
  if (!bitmap) return Failed(bitmap);
  if (auto size = CheckSize(bitmap->width, bitmap->height, options); !size) return size;
  MakeBmp(picture, *bitmap, bitmap_);
  const Result<BmpHeader> header = ParseBmpHeader(bitmap_);
  if (!header) return Failed(header);
  const Result<Mask> mask = Mask::Of(bytes, *entry, *bitmap, *header);
  if (!mask) return Failed(mask);
  DecodeOptions colors = options;
  colors.channels = DecodeChannels::kRgb;
  colors.alpha = AlphaPolicy::kDrop;
  colors.palette_indices = false;
  colors.frame.reset();
  Joiner joiner(*mask, options, consumer, delivery_, row_);
  DecodeReport of_colors;
  if (auto decoded = bmp_.Decode(bitmap_, colors, joiner, of_colors); !decoded) return decoded;
  if (options.alpha == AlphaPolicy::kDrop) report.Say(NoteKind::kAlphaDropped);
  return {};
}

namespace {

constexpr std::string_view kExtensions[] = {"ico"};

// A count of pictures, and a first entry with its zero: four bytes alone begin many a file.
bool Recognises(std::span<const uint8_t> bytes) {
  return bytes.size() >= 16 && StartsWith(bytes, std::string_view("\0\0\1\0", 4)) &&
         (bytes[4] != 0 || bytes[5] != 0) && bytes[9] == 0;
}

Result<PictureInfo> ProbeIco(std::span<const uint8_t> bytes) {
  const Result<Entry> entry = LargestEntry(bytes);
  if (!entry) return Failed(entry);
  const std::span<const uint8_t> picture = bytes.subspan(size_t(entry->at));
  if (IsPng(picture)) {
    Result<PictureInfo> info = kPngCodec.probe(picture);
    if (info) info->has_profile = false;  // Pillow does not give it
    if (info) info->orientation = 1;      // likewise
    if (info) info->frames = 1;
    return info;
  }
  const Result<Bitmap> bitmap = ReadBitmap(picture);
  if (!bitmap) return Failed(bitmap);
  PictureInfo info;
  info.width = int(bitmap->width);
  info.height = int(bitmap->height);
  info.channels = 3;
  info.has_alpha = true;
  info.decode_bytes = bytes.size();
  return info;
}

}  // namespace

constinit const Codec kIcoCodec = {
    "ico", kExtensions, Recognises, ProbeIco, MakeDecoder<IcoDecoder>, nullptr};

}  // namespace imnorm
