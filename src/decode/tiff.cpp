#include "decode/tiff.h"

#include <fmt/format.h>

#include <memory>

#include "decode/camera_raw.h"
#include "decode/jpeg_kind.h"
#include "decode/tiff_directory.h"
#include "decode/tiff_rows.h"
#include "module/module.h"

namespace imnorm {
namespace {

constexpr int kCompressionTag = 259;
constexpr int kStripOffsetsTag = 273;
constexpr int kStripSizesTag = 279;
constexpr int kTileOffsetsTag = 324;
constexpr int kTileSizesTag = 325;
constexpr int kExtraSamplesTag = 338;
constexpr int kTiffGray = 1;  // photometric interpretations
constexpr int kTiffPalette = 3;

Result<const ImnormTiffApi*> Load() {
  Result<void*> entry = LoadModule("imnorm_tiff.so", IMNORM_TIFF_ENTRY);
  if (!entry) return tl::unexpected<Error>(std::move(entry.error()));
  const ImnormTiffApi* api = reinterpret_cast<ImnormTiffEntry>(*entry)();
  if (api->api != kImnormTiffApi) {
    return Fail(ErrorCode::kUnsupported, "imnorm_tiff.so belongs to another version of imnorm");
  }
  return api;
}

Result<const ImnormTiffApi*> LoadTiff() {
  static const Result<const ImnormTiffApi*> api = Load();
  return api;
}

tl::unexpected<Error> Refused(int outcome, const char* reason) {
  return Fail(outcome == kImnormTiffUnread ? ErrorCode::kUnsupported : ErrorCode::kCorrupt, reason);
}

// The kind of JPEG in a file's first strip or tile, where it is one that is sound and not read.
std::string UnreadJpegInside(const TiffDirectory& directory, std::span<const uint8_t> bytes) {
  constexpr uint64_t kJpegCompression = 7;
  if (directory.Number(kCompressionTag, 0) != kJpegCompression) return "";
  const bool tiled = directory.Has(kTileOffsetsTag);
  const uint64_t at = directory.Number(tiled ? kTileOffsetsTag : kStripOffsetsTag, 0);
  const uint64_t size = directory.Number(tiled ? kTileSizesTag : kStripSizesTag, 0);
  return NameOfUnreadJpeg(ByteView(bytes).Slice(at, size));
}

// What the module's callback needs.
struct Receiver {
  const TiffRowConverter& converter;
  Delivery& delivery;
  std::vector<uint8_t>& row;
  std::vector<uint8_t>& narrow;
  const DecodeOptions& options;
};

int ReceiveRows(void* user, const uint8_t* rows, size_t stride_bytes, uint32_t, uint32_t count) {
  auto& receiver = *static_cast<Receiver*>(user);
  for (uint32_t i = 0; i < count; ++i, rows += stride_bytes) {
    receiver.converter.Convert(rows, receiver.narrow, receiver.row.data());
    if (!receiver.delivery.Rows(receiver.row.data(), receiver.row.size(), 1)) return 1;
  }
  return receiver.options.stopped() ? 1 : 0;
}

}  // namespace

Result<void> TiffDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                 RowConsumer& consumer, DecodeReport& report) {
  const Result<const ImnormTiffApi*> api = LoadTiff();
  if (!api) return tl::unexpected<Error>(api.error());
  const TiffDirectory directory(bytes);
  if (const std::string kind = CameraRawOfTiff(directory, bytes); !kind.empty()) {
    return RefuseCameraRaw(kind);
  }
  if (const std::string part = directory.CutOff(); !part.empty()) {
    return Fail(ErrorCode::kCorrupt, fmt::format("the file ends before {}", part));
  }
  if (directory.IsSparse()) {
    return Fail(ErrorCode::kUnsupported,
                "sparse TIFF: tiles or strips that are left out (offset 0, no bytes) are not read; "
                "write it in full (GDAL: without SPARSE_OK)");
  }
  char error[kImnormTiffErrorBytes];
  void* handle = nullptr;
  ImnormTiffInfo info = {};
  if (const int outcome = (*api)->open(bytes.data(), bytes.size(), &handle, &info, error)) {
    return Refused(outcome, error);
  }
  const std::unique_ptr<void, void (*)(void*)> file(handle, (*api)->close);
  if (auto size = CheckSize(info.width, info.height, options); !size) return size;
  report.stored_width = int(info.width);
  report.stored_height = int(info.height);

  // Where the tag is missing libtiff takes a fourth sample for premultiplied alpha; Pillow does
  // not.
  if (!directory.HasForPillow(kExtraSamplesTag)) info.first_extra = -1;
  if (options.palette_indices && info.photometric == kTiffPalette) info.photometric = kTiffGray;
  const Result<TiffPlan> plan = PlanTiff(info, options.channels);
  if (!plan) return tl::unexpected<Error>(plan.error());
  const TiffRowConverter converter(info, *plan, options.depth);
  if (auto begun = delivery_.Begin(converter.source(), options, consumer); !begun) return begun;
  row_.resize(converter.source().stride_bytes());
  Receiver receiver{converter, delivery_, row_, narrow_, options};
  if (const int outcome = (*api)->read_rows(file.get(), ReceiveRows, &receiver, error)) {
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

}  // namespace imnorm
