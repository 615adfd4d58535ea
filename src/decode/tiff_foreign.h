// Strips and tiles of a TIFF that are pictures of another format: JPEG 2000, JPEG XL, PNG.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "decode/codec.h"
#include "decode/modules/tiff_api.h"
#include "decode/tiff_directory.h"
#include "imnorm/decode.h"

namespace imnorm {

// Decodes them for the module, by the codec that reads such files.
class TiffForeign {
 public:
  // Whether a compression is one of these.
  static bool Reads(const TiffDirectory& directory);

  // `directory` and `options` must outlive this.
  TiffForeign(const TiffDirectory& directory, const ImnormTiffInfo& info,
              const DecodeOptions& options);

  // What decoding any of them takes at most beside its samples.
  //
  // Errors:   kUnsupported: kinds of pictures that are not read inside of a TIFF, or the module
  //           for them is missing; kCancelled
  Result<uint64_t> DecodeBytes(std::span<const uint8_t> tiff) const;

  // Errors:   kCorrupt, kUnsupported, kInstallation, kCancelled; kept in error()
  bool Decode(const ImnormTiffBlock& block);
  const std::optional<Error>& error() const { return error_; }

 private:
  struct Kind;
  static const Kind* KindOf(const TiffDirectory& directory);

  Result<void> CheckKind() const;
  Result<void> DecodeBlock(const ImnormTiffBlock& block);

  const TiffDirectory& directory_;
  const ImnormTiffInfo& info_;
  const Kind& kind_;
  DecodeOptions options_;
  std::unique_ptr<PictureDecoder> decoder_;
  std::optional<Error> error_;
};

}  // namespace imnorm
