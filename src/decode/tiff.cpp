// Decodes TIFF rows that the module reads, and tells of directories without it.
#include "decode/tiff.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <optional>
#include <utility>

#include "decode/camera_raw.h"
#include "decode/embedded_profile.h"
#include "decode/exif.h"
#include "decode/tiff_blocks.h"
#include "decode/tiff_directory.h"
#include "decode/tiff_foreign.h"
#include "decode/tiff_jpeg.h"
#include "decode/tiff_rows.h"
#include "decode/tiff_unread.h"
#include "module/module.h"

namespace imnorm {
namespace {

constexpr int kWidthTag = 256;
constexpr int kHeightTag = 257;
constexpr int kBitsTag = 258;
constexpr int kCompressionTag = 259;
constexpr int kPhotometricTag = 262;
constexpr int kSamplesTag = 277;
constexpr int kPaletteTag = 320;
constexpr int kExtraSamplesTag = 338;
constexpr int kSampleFormatTag = 339;
constexpr int kTiffGray = 1;  // photometric interpretations
constexpr int kTiffPalette = 3;
constexpr int kTiffSeparated = 5;
constexpr int kTiffYcbcr = 6;
constexpr uint64_t kOldJpegCompression = 6;
constexpr uint64_t kVoidSamples = 4;  // a sample format that says nothing

constexpr ModuleName kModule = {"imnorm_tiff.so", IMNORM_TIFF_ENTRY, "reads TIFF",
                                "IMNORM_BUILD_TIFF_MODULE"};

Result<const ImnormTiffApi*> Load() {
  const Result<void*> entry = LoadModule(kModule);
  if (!entry) return Failed(entry);
  const ImnormTiffApi* api = reinterpret_cast<ImnormTiffEntry>(*entry)();
  if (api->api != kImnormTiffApi) return ForeignModule(kModule);
  return api;
}

Result<const ImnormTiffApi*> LoadTiff() {
  static const Result<const ImnormTiffApi*> api = Load();
  return api;
}

tl::unexpected<Error> Refused(int outcome, const char* reason) {
  if (outcome == kImnormTiffNoMemory) throw std::bad_alloc();
  const ErrorCode code = outcome == kImnormTiffUnread     ? ErrorCode::kUnsupported
                         : outcome == kImnormTiffTooLarge ? ErrorCode::kTooLarge
                                                          : ErrorCode::kCorrupt;
  return Fail(code, reason);
}

// Refuses what libtiff would read otherwise than it is meant.
Result<void> CheckDirectory(const TiffDirectory& directory, std::span<const uint8_t> bytes,
                            uint64_t page) {
  if (page > 0) {
    const std::string kind = CameraRawOfTiff(TiffDirectory(bytes), bytes);
    if (!kind.empty()) return RefuseCameraRaw(kind);
  }
  if (const std::string kind = CameraRawOfTiff(directory, bytes); !kind.empty()) {
    return RefuseCameraRaw(kind);
  }
  if (const std::string part = directory.CutOff(); !part.empty()) {
    return Fail(ErrorCode::kCorrupt, fmt::format("the file ends before {}", part));
  }
  if (std::string reason = UnreadKindOfTiff(directory); !reason.empty()) {
    return Fail(ErrorCode::kUnsupported, std::move(reason));
  }
  return {};
}

// Whether what is delivered are the file's own samples, but for the reduction to 8 bits: a declared
// value can be looked for in no others.
bool KeepsValues(const ImnormTiffInfo& info, const TiffPlan& plan, const DecodeOptions& options) {
  if (info.as_rgba) return false;
  switch (plan.meaning) {
    case TiffMeaning::kBands:
      return true;
    case TiffMeaning::kGray:
      return info.photometric == kTiffGray && info.bits >= 8;
    case TiffMeaning::kColor:
      break;
    case TiffMeaning::kPalette:
    case TiffMeaning::kPremultiplied:
    case TiffMeaning::kCmyk:
      return false;
  }
  const bool is_gray = plan.kind == PixelKind::kGray || plan.kind == PixelKind::kGrayAlpha;
  const bool mixes_colors = options.channels == DecodeChannels::kGray && !is_gray;
  const bool mixes_alpha = HasAlpha(plan.kind) && options.alpha == AlphaPolicy::kComposite;
  return !mixes_colors && !mixes_alpha;
}

// What the module would say of the first directory, but for the pixels and the palette.
ImnormTiffInfo InfoOf(const TiffDirectory& directory) {
  ImnormTiffInfo info = {};
  info.width = uint32_t(directory.Number(kWidthTag, 0));
  info.height = uint32_t(directory.Number(kHeightTag, 0));
  info.samples = int(directory.Number(kSamplesTag, 1) & 0xffff);
  info.bits = int(directory.Number(kBitsTag, 1) & 0xffff);
  info.format = int(directory.Number(kSampleFormatTag, kImnormTiffUnsigned) & 0xffff);
  if (info.format == kVoidSamples) info.format = kImnormTiffUnsigned;
  info.photometric = int(directory.Number(kPhotometricTag, 0) & 0xffff);
  info.first_extra = directory.HasForPillow(kExtraSamplesTag)
                         ? int(directory.Number(kExtraSamplesTag, 0) & 0xffff)
                         : -1;
  info.as_rgba =
      info.photometric == kTiffYcbcr || directory.Number(kCompressionTag, 1) == kOldJpegCompression;
  static constexpr uint16_t kAnyPalette[1] = {};
  if (directory.Has(kPaletteTag)) info.map[0] = kAnyPalette;
  return info;
}

// What the module's callback needs.
struct Receiver {
  const TiffRowConverter& converter;
  Delivery& delivery;
  std::vector<uint8_t>& row;
  std::vector<uint8_t>& narrow;
  const DecodeOptions& options;
  TiffForeign* foreign;  // null where libtiff decodes
};

int ReceiveRows(void* user, const uint8_t* rows, size_t stride_bytes, uint32_t, uint32_t count) {
  auto& receiver = *static_cast<Receiver*>(user);
  for (uint32_t i = 0; i < count; ++i, rows += stride_bytes) {
    receiver.converter.Convert(rows, receiver.narrow, receiver.row.data());
    if (!receiver.delivery.Rows(receiver.row.data(), receiver.row.size(), 1)) return 1;
  }
  return receiver.options.stopped() ? 1 : 0;
}

int DecodeForeign(void* user, const ImnormTiffBlock* block) {
  return static_cast<Receiver*>(user)->foreign->Decode(*block) ? 0 : 1;
}

}  // namespace

Result<void> TiffDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                 RowConsumer& consumer, DecodeReport& report) {
  const uint64_t page = options.frame.value_or(0);
  const TiffDirectory directory = TiffDirectory::OfPage(bytes, page);
  if (auto sound = CheckDirectory(directory, bytes, page); !sound) return sound;
  const ImnormTiffInfo told = InfoOf(directory);
  if (told.width > 0 && told.height > 0) {
    if (auto size = CheckSize(told.width, told.height, options); !size) return size;
  }
  const Result<const ImnormTiffApi*> api = LoadTiff();
  if (!api) return Failed(api);
  char error[kImnormTiffErrorBytes];
  void* handle = nullptr;
  ImnormTiffInfo info = {};
  const bool is_foreign = TiffForeign::Reads(directory);
  if (const int outcome =
          (*api)->open(bytes.data(), bytes.size(), page > 0 ? directory.offset() : 0,
                       is_foreign ? 1 : 0, &handle, &info, error)) {
    return Refused(outcome, error);
  }
  const std::unique_ptr<void, void (*)(void*)> file(handle, (*api)->close);
  if (auto size = CheckSize(info.width, info.height, options); !size) return size;

  if (info.as_rgba && directory.IsSparse()) {
    return Fail(ErrorCode::kUnsupported,
                "sparse TIFF of YCbCr: tiles or strips that are left out (offset 0, no bytes) are "
                "read of other colours only; write it in full, or as RGB");
  }
  // Where the tag is missing libtiff takes a fourth sample for premultiplied alpha; Pillow does
  // not.
  if (!directory.HasForPillow(kExtraSamplesTag)) info.first_extra = -1;
  if (options.palette_indices && info.photometric == kTiffPalette) info.photometric = kTiffGray;
  const Result<TiffPlan> plan = PlanTiff(info, options.channels);
  if (!plan) return Failed(plan);
  const TiffRowConverter converter(info, *plan, options.depth);
  SourceInfo source = converter.source();
  const std::optional<double> nodata = directory.Nodata();
  report.nodata = nodata.has_value();
  if (nodata && KeepsValues(info, *plan, options)) {
    source.nodata = nodata;
    source.reduced = info.bits == 16 && source.type == ElementType::kU8;
  }
  if (auto whole = CheckJpegFrames(directory, bytes); !whole) return whole;
  std::optional<TiffForeign> foreign;
  if (is_foreign) {
    foreign.emplace(directory, info, options);
    const Result<uint64_t> needed = foreign->DecodeBytes(bytes);
    if (!needed) return Failed(needed);
    if (auto may = TakeMemory(*needed); !may) return may;
  }
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;
  row_.resize(converter.source().stride_bytes());
  Receiver receiver{converter, delivery_, row_, narrow_, options, foreign ? &*foreign : nullptr};
  ImnormTiffRequest request = {
      ReceiveRows, DecodeForeign, &receiver, {}, CountTiffBlocks(directory)};
  std::ranges::copy(FillOfTiff(info, nodata), request.fill);
  if (const int outcome = (*api)->read_rows(file.get(), &request, error)) {
    if (foreign && foreign->error()) return tl::unexpected<Error>(*foreign->error());
    if (outcome == kImnormTiffStopped) return Stopped();
    const std::string kind = UnreadJpegInside(directory, bytes);
    if (kind.empty()) return Refused(outcome, error);
    return Fail(ErrorCode::kUnsupported,
                fmt::format("TIFF with {} inside is not read; save it with LZW or Deflate", kind));
  }
  if (info.more_directories) report.Say(NoteKind::kFurtherPages);
  const bool color = plan->kind != PixelKind::kBands;
  if (color && info.bits == 16 && options.depth == 8) report.Say(NoteKind::kBitsReduced);
  if (HasAlpha(plan->kind) && options.alpha == AlphaPolicy::kDrop) {
    report.Say(NoteKind::kAlphaDropped);
  }
  return {};
}

namespace {

constexpr std::string_view kExtensions[] = {"tif", "tiff"};

// Classic and big TIFF.
bool Recognises(std::span<const uint8_t> bytes) {
  using std::string_view_literals::operator""sv;
  return StartsWith(bytes, "II*\0"sv) || StartsWith(bytes, "MM\0*"sv) ||
         StartsWith(bytes, "II+\0"sv) || StartsWith(bytes, "MM\0+"sv);
}

Result<void> TiffReady() {
  const Result<const ImnormTiffApi*> api = LoadTiff();
  return api ? Result<void>() : Failed(api);
}

constexpr int kIccProfileTag = 34675;
constexpr int kRowsPerStripTag = 278;
constexpr int kPlanesTag = 284;
constexpr int kTileWidthTag = 322;
constexpr int kTileHeightTag = 323;
constexpr uint64_t kSeparatePlanes = 2;
constexpr uint64_t kLongStrip = uint64_t{1} << 24;  // as the module has them
constexpr uint64_t kRowsAtOnce = 64;

// The module's buffers: a row of strips or tiles, and one of these; of long strips a few rows are
// enough.
uint64_t DecodeBytes(const TiffDirectory& directory, const ImnormTiffInfo& tiff,
                     uint64_t file_bytes) {
  const uint64_t width = tiff.width, height = tiff.height;
  const uint64_t pixel = uint64_t(std::max(1, tiff.samples)) * uint64_t(std::max(8, tiff.bits)) / 8;
  const uint64_t wide = std::max(width, directory.Number(kTileWidthTag, 0));
  const bool tiled = directory.Has(kTileWidthTag);
  const uint64_t rows =
      tiled ? directory.Number(kTileHeightTag, 1)
            : std::clamp<uint64_t>(directory.Number(kRowsPerStripTag, height), 1, height);
  const bool separate = directory.Number(kPlanesTag, 1) == kSeparatePlanes;
  const bool compressed = directory.Number(kCompressionTag, 1) != 1;
  const uint64_t file = compressed ? file_bytes : 0;
  if (tiff.as_rgba) return file + wide * (rows + kRowsAtOnce) * (4 + pixel);
  const uint64_t whole = 2 * wide * rows * pixel;
  if (tiled || separate) return file + whole;
  return file + std::min(whole, 2 * (kLongStrip + wide * kRowsAtOnce * pixel));
}

Result<PictureInfo> ProbePage(std::span<const uint8_t> bytes, uint64_t page) {
  const TiffDirectory directory = TiffDirectory::OfPage(bytes, page);
  if (auto sound = CheckDirectory(directory, bytes, page); !sound) {
    return Failed(sound);
  }
  const ImnormTiffInfo tiff = InfoOf(directory);
  constexpr uint32_t kLargestSide = std::numeric_limits<int32_t>::max();
  if (tiff.width < 1 || tiff.height < 1) return NoPixels(tiff.width, tiff.height);
  const Result<TiffPlan> plan = PlanTiff(tiff, DecodeChannels::kNative);
  PictureInfo info;
  info.width = int(std::min(tiff.width, kLargestSide));
  info.height = int(std::min(tiff.height, kLargestSide));
  info.bits = tiff.bits;
  info.has_palette = tiff.photometric == kTiffPalette;
  info.has_inks = tiff.photometric == kTiffSeparated;
  info.orientation = TiffOrientation(bytes, directory.offset());
  info.frames = directory.CountDirectories();
  info.has_profile = directory.Has(kIccProfileTag);
  info.decode_bytes = DecodeBytes(directory, tiff, bytes.size());
  // Without a meaning that we know the samples are told of as they are.
  const PixelKind kind = plan ? plan->kind : PixelKind::kBands;
  info.has_alpha = HasAlpha(kind);
  info.channels =
      kind == PixelKind::kBands ? tiff.samples : TargetColors(kind, DecodeChannels::kNative);
  return info;
}

Result<PictureInfo> ProbeTiff(std::span<const uint8_t> bytes) { return ProbePage(bytes, 0); }

}  // namespace

constinit const Codec kTiffCodec = {
    .name = "tiff",
    .extensions = kExtensions,
    .recognises = Recognises,
    .probe = ProbeTiff,
    .make = MakeDecoder<TiffDecoder>,
    .version = nullptr,
    .always_upright = true,
    .ready = TiffReady,
    .probe_frame = ProbePage,
    .profile = TiffProfile,
};

}  // namespace imnorm
