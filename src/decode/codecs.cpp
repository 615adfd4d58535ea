// Lists the picture formats that are read, one line each, and asks them what a file is.
#include "decode/codecs.h"

#include <algorithm>
#include <string>
#include <vector>

#include "decode/avif.h"
#include "decode/bmp.h"
#include "decode/gif.h"
#include "decode/heif.h"
#include "decode/ico.h"
#include "decode/jpeg2000.h"
#include "decode/jpeg_codec.h"
#include "decode/jpegxl.h"
#include "decode/png_codec.h"
#include "decode/pnm.h"
#include "decode/qoi.h"
#include "decode/tga.h"
#include "decode/tiff.h"
#include "decode/unread.h"
#include "decode/webp.h"
#include "imnorm/probe.h"
#include "io/path_ending.h"

namespace imnorm {
namespace {

constexpr const Codec* kCodecs[] = {
    &kJpegCodec,      //
    &kPngCodec,       //
    &kWebpCodec,      //
    &kBmpCodec,       //
    &kTiffCodec,      //
    &kGifCodec,       //
    &kPnmCodec,       //
    &kJpeg2000Codec,  //
    &kJpegXlCodec,    //
    &kAvifCodec,      //
    &kHeifCodec,      //
    &kQoiCodec,       //
    &kIcoCodec,       //
    &kTgaCodec,       // last: it has no mark at its begin
};

}  // namespace

std::span<const Codec* const> Codecs() { return kCodecs; }

const Codec* CodecOf(std::span<const uint8_t> bytes) {
  for (const Codec* codec : kCodecs) {
    if (codec->recognises(bytes)) return codec;
  }
  return nullptr;
}

std::string_view SniffFormat(std::span<const uint8_t> bytes) {
  const Codec* codec = CodecOf(bytes);
  return codec == nullptr ? std::string_view() : codec->name;
}

Result<PictureInfo> Probe(std::span<const uint8_t> bytes) {
  const Codec* codec = CodecOf(bytes);
  if (codec == nullptr) return RefuseUnknown(bytes);
  Result<PictureInfo> info = codec->probe(bytes);
  if (info) info->format = codec->name;
  return info;
}

bool HasPictureExtension(std::string_view name) {
  const std::string extension = LowerExtension(name);
  const auto has = [&](const Codec* codec) {
    return std::ranges::find(codec->extensions, extension) != codec->extensions.end();
  };
  return std::any_of(std::begin(kCodecs), std::end(kCodecs), has) ||
         !UnreadPictureOfName(name).empty();
}

bool HasOtherExtension(std::string_view name, std::string_view format) {
  const std::string extension = LowerExtension(name);
  bool other = !UnreadPictureOfName(name).empty();
  for (const Codec* codec : kCodecs) {
    if (std::ranges::find(codec->extensions, extension) == codec->extensions.end()) continue;
    if (codec->name == format) return false;
    other = true;
  }
  return other;
}

std::vector<CodecVersion> CodecVersions() {
  std::vector<CodecVersion> versions;
  for (const Codec* codec : kCodecs) {
    if (codec->version != nullptr) versions.push_back(codec->version());
  }
  return versions;
}

}  // namespace imnorm
