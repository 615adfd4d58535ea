// Asks a module for a picture of the size and kind that its headers told of.
#include "decode/module_decoder.h"

#include <fmt/format.h>

#include <new>

namespace imnorm {
namespace {

tl::unexpected<Error> Refused(int outcome, const char* reason) {
  if (outcome == kImnormPictureNoMemory) throw std::bad_alloc();
  const ErrorCode code = outcome == kImnormPictureUnread     ? ErrorCode::kUnsupported
                         : outcome == kImnormPictureTooLarge ? ErrorCode::kTooLarge
                                                             : ErrorCode::kCorrupt;
  return Fail(code, reason);
}

PixelKind KindOf(const PictureInfo& info) {
  if (info.has_inks) return PixelKind::kInvertedCmyk;
  if (info.channels == 1) return info.has_alpha ? PixelKind::kGrayAlpha : PixelKind::kGray;
  return info.has_alpha ? PixelKind::kRgba : PixelKind::kRgb;
}

struct Receiver {
  Delivery& delivery;
  const DecodeOptions& options;
  int rows_left;
};

int ReceiveRows(void* user, const uint8_t* rows, size_t stride_bytes, uint32_t count) {
  auto& receiver = *static_cast<Receiver*>(user);
  if (count == 0) return receiver.options.stopped() ? 1 : 0;
  if (count > uint32_t(receiver.rows_left)) return 1;
  receiver.rows_left -= int(count);
  return receiver.delivery.Rows(rows, stride_bytes, int(count)) ? 0 : 1;
}

}  // namespace

Result<const ImnormPictureApi*> LoadApi(const ModuleFormat& format) {
  if (!IsThere(format)) {
    return Fail(
        ErrorCode::kUnsupported,
        fmt::format("{} is not read here: there is no module {}; {}, or convert it to PNG, for "
                    "instance with {}",
                    format.name, format.module.file, RemedyOf(format.module), format.converter));
  }
  const Result<void*> entry = LoadModule(format.module);
  if (!entry) return Failed(entry);
  const ImnormPictureApi* api = reinterpret_cast<ImnormPictureEntry>(*entry)();
  if (api->api != kImnormPictureApi) return ForeignModule(format.module);
  return api;
}

bool IsThere(const ModuleFormat& format) { return HasModule(format.module); }

Result<CodecVersion> LibraryOf(const ModuleFormat& format) {
  const Result<const ImnormPictureApi*> api = format.api();
  if (!api) return Failed(api);
  return CodecVersion{(*api)->library, (*api)->version};
}

Result<void> ReadyIfThere(const ModuleFormat& format) {
  const Result<const ImnormPictureApi*> api = format.api();
  return api || api.error().code == ErrorCode::kUnsupported ? Result<void>() : Failed(api);
}

Result<void> ModuleDecoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                   RowConsumer& consumer, DecodeReport& report) {
  const Result<PictureInfo> info = format_.probe(bytes);
  if (!info) return Failed(info);
  if (auto size = CheckSize(info->width, info->height, options); !size) return size;
  const Result<const ImnormPictureApi*> api = format_.api();
  if (!api) return Failed(api);
  SourceInfo source{info->width, info->height, KindOf(*info)};
  const bool wide = info->bits > 8 && (options.depth == 16 || format_.keeps_high_byte(*info));
  if (wide) source.type = ElementType::kU16;
  if (auto begun = delivery_.Begin(source, options, consumer); !begun) return begun;

  Receiver receiver{delivery_, options, info->height};
  ImnormPictureRequest request = {};
  request.bytes = bytes.data();
  request.size = bytes.size();
  request.width = uint32_t(info->width);
  request.height = uint32_t(info->height);
  request.alpha = info->has_alpha ? 1 : 0;
  request.colors = ChannelsOf(source.kind) - request.alpha;
  request.bits = wide ? 16 : 8;
  request.frame = options.frame.value_or(0);
  request.of_sequence = options.frame && info->frames > 1 ? 1 : 0;
  request.bytes_at_most = info->decode_bytes;
  request.rows = ReceiveRows;
  request.user = &receiver;
  char error[kImnormPictureErrorBytes] = {};
  if (const int outcome = (*api)->decode(&request, error)) {
    return outcome == kImnormPictureStopped ? Stopped() : Refused(outcome, error);
  }
  if (receiver.rows_left > 0) return Fail(ErrorCode::kCorrupt, "rows of the picture are missing");
  if (info->frames > 1) report.Say(NoteKind::kFurtherFrames, format_.animation);
  if (info->bits > 8 && options.depth == 8) report.Say(NoteKind::kBitsReduced);
  if (info->has_alpha && options.alpha == AlphaPolicy::kDrop) report.Say(NoteKind::kAlphaDropped);
  return {};
}

}  // namespace imnorm
