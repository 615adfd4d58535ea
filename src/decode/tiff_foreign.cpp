// Hands strips and tiles to the codecs of other formats, and takes their samples as they are.
#include "decode/tiff_foreign.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <limits>
#include <string>

#include "decode/jpeg2000.h"
#include "decode/jpegxl.h"
#include "decode/module_decoder.h"
#include "decode/png_codec.h"
#include "decode/tiff_blocks.h"

namespace imnorm {
namespace {

constexpr int kCompressionTag = 259;

// Puts the samples of a picture into those of a block.
class BlockFiller : public RowConsumer {
 public:
  BlockFiller(const ImnormTiffBlock& block, ElementType type) : block_(block), type_(type) {}

  Result<Rect> Begin(const ImageInfo& info) override {
    if (info.channels != block_.samples || info.type != type_) {
      return Fail(ErrorCode::kCorrupt, "it has other samples than its headers tell of");
    }
    row_bytes_ = size_t(info.width) * size_t(info.channels) * ElementBytes(info.type);
    return Rect{0, 0, info.width, info.height};
  }

  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    uint8_t* out = block_.out + size_t(y) * block_.stride_bytes;
    for (int i = 0; i < count; ++i, rows += stride_bytes, out += block_.stride_bytes) {
      std::memcpy(out, rows, row_bytes_);
    }
  }

 private:
  const ImnormTiffBlock& block_;
  const ElementType type_;
  size_t row_bytes_ = 0;
};

// Whether a picture is no smaller than its part of the TIFF, and no larger than the block.
bool HasRoom(const PictureInfo& picture, uint64_t width, uint64_t height, uint64_t columns,
             uint64_t rows) {
  const auto wide = uint64_t(picture.width), high = uint64_t(picture.height);
  return columns <= wide && wide <= width && rows <= high && high <= height;
}

}  // namespace

struct TiffForeign::Kind {
  uint64_t compression;
  const char* name;
  const Codec* codec;
};

const TiffForeign::Kind* TiffForeign::KindOf(const TiffDirectory& directory) {
  static constexpr Kind kKinds[] = {
      {33005, "JPEG 2000", &kJpeg2000Codec},  // of Aperio, RGB
      {34712, "JPEG 2000", &kJpeg2000Codec},  //
      {34933, "PNG", &kPngCodec},             //
      {50002, "JPEG XL", &kJpegXlCodec},      //
      {52546, "JPEG XL", &kJpegXlCodec},      // of DNG 1.7
  };
  const uint64_t compression = directory.Number(kCompressionTag, 1);
  const auto found = std::ranges::find(kKinds, compression, &Kind::compression);
  return found == std::end(kKinds) ? nullptr : &*found;
}

bool TiffForeign::Reads(const TiffDirectory& directory) { return KindOf(directory) != nullptr; }

TiffForeign::TiffForeign(const TiffDirectory& directory, const ImnormTiffInfo& info,
                         const DecodeOptions& options)
    : directory_(directory), info_(info), kind_(*KindOf(directory)), options_(options) {
  options_.apply_exif = false;
  options_.alpha = AlphaPolicy::kMask;
  options_.channels = DecodeChannels::kNative;
  options_.depth = 16;
  options_.palette_indices = false;
  options_.inks = false;
  options_.frame.reset();
  // The picture's own size was looked at, and blocks are bounded by the module.
  options_.max_pixels = std::numeric_limits<int64_t>::max();
}

Result<void> TiffForeign::CheckKind() const {
  const auto unread = [this](const std::string& reason) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("TIFF with {} inside (compression {}) is {}, or save it with LZW, "
                            "Deflate or none",
                            kind_.name, kind_.compression, reason));
  };
  const bool integers =
      info_.format == kImnormTiffUnsigned && (info_.bits == 8 || info_.bits == 16);
  if (!integers || info_.as_rgba) {
    return unread("read of unsigned samples of 8 or 16 bits only, and not of YCbCr; convert it");
  }
  const ModuleFormat* format = kind_.codec->module;
  if (format == nullptr) return {};
  const Result<const ImnormPictureApi*> api = format->api();
  if (api) return {};
  if (api.error().code != ErrorCode::kUnsupported) return Failed(api);
  return unread(fmt::format("not read here: there is no module {}; {}", format->module.file,
                            RemedyOf(format->module)));
}

Result<uint64_t> TiffForeign::DecodeBytes(std::span<const uint8_t> tiff) const {
  if (auto read = CheckKind(); !read) return Failed(read);
  uint64_t most = 0;
  auto all = VisitTiffBlocks(directory_, tiff, [&](const TiffBlock& block) -> Result<void> {
    if (options_.stopped()) return Stopped();
    if (block.bytes.empty() || !kind_.codec->recognises(block.bytes)) return {};
    const Result<PictureInfo> picture = kind_.codec->probe(block.bytes);
    // What does not fit is refused before it is decoded.
    if (picture && HasRoom(*picture, block.width, block.height, block.columns, block.rows)) {
      most = std::max(most, picture->decode_bytes);
    }
    return {};
  });
  if (!all) return Failed(all);
  return most;
}

Result<void> TiffForeign::DecodeBlock(const ImnormTiffBlock& block) {
  const std::span<const uint8_t> bytes(block.bytes, block.size);
  if (!kind_.codec->recognises(bytes)) {
    return Fail(ErrorCode::kCorrupt, fmt::format("it is no {}", kind_.name));
  }
  const Result<PictureInfo> picture = kind_.codec->probe(bytes);
  if (!picture) return Failed(picture);
  if (!HasRoom(*picture, block.width, block.height, block.columns, block.rows)) {
    return Fail(ErrorCode::kCorrupt,
                fmt::format("its {} has {} x {} pixels where the picture has {} x {}", kind_.name,
                            picture->width, picture->height, block.columns, block.rows));
  }
  const int samples = picture->channels + (picture->has_alpha ? 1 : 0);
  if (samples != block.samples || picture->bits != info_.bits || picture->has_palette ||
      picture->has_inks) {
    return Fail(
        ErrorCode::kUnsupported,
        fmt::format("its {} has {} x {}-bit samples{} where the TIFF tells of {} x {}; save "
                    "it with LZW, Deflate or none",
                    kind_.name, samples, picture->bits, picture->has_palette ? ", a palette," : "",
                    block.samples, info_.bits));
  }
  if (!decoder_) decoder_ = kind_.codec->make();
  const ElementType type = info_.bits == 16 ? ElementType::kU16 : ElementType::kU8;
  BlockFiller filler(block, type);
  DecodeReport report;
  report.picture = *picture;
  return decoder_->Decode(bytes, options_, filler, report);
}

bool TiffForeign::Decode(const ImnormTiffBlock& block) {
  const Result<void> decoded = DecodeBlock(block);
  if (decoded) return true;
  error_ = decoded.error();
  if (error_->code == ErrorCode::kCorrupt || error_->code == ErrorCode::kUnsupported) {
    error_->message = NameOfTiffBlock(directory_, block.index) + ": " + error_->message;
  }
  return false;
}

}  // namespace imnorm
