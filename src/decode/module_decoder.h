// Formats whose library sits in a module that need not be there.
#pragma once

#include <cstdint>
#include <span>

#include "decode/codec.h"
#include "decode/delivery.h"
#include "decode/modules/picture_api.h"
#include "module/module.h"

namespace imnorm {

// A format that a module reads.
struct ModuleFormat {
  ModuleName module;
  const char* name;       // for people: "JPEG XL"
  const char* converter;  // what makes other files of such ones, where there is no module
  // Whether samples of more than 8 bits are reduced by leaving their low byte out, as those of PNG
  // and TIFF are; else the library rounds them.
  bool (*keeps_high_byte)(const PictureInfo& info);
  const char* animation;  // "an animated JPEG XL: its first frame is read"
  Result<PictureInfo> (*probe)(std::span<const uint8_t> bytes);
  Result<const ImnormPictureApi*> (*api)();  // ApiOf this format
};

// Errors:   kUnsupported: there is no module; kInstallation: there is one that does not work
Result<const ImnormPictureApi*> LoadApi(const ModuleFormat& format);

// The same, asked for once: a process that may open nothing any more has it from before.
template <const ModuleFormat& kFormat>
Result<const ImnormPictureApi*> ApiOf() {
  static const Result<const ImnormPictureApi*> api = LoadApi(kFormat);
  return api;
}

// Whether the module stands where it is looked for, so that its files are read.
bool IsThere(const ModuleFormat& format);

// Name and version of the library behind it.
//
// Errors:   kUnsupported: there is no module; kInstallation: there is one that does not work
Result<CodecVersion> LibraryOf(const ModuleFormat& format);

// Loads the module if it is there. Its absence is no fault of an installation: files of the format
// are refused then.
Result<void> ReadyIfThere(const ModuleFormat& format);

// Decodes files of one such format.
class ModuleDecoder : public PictureDecoder {
 public:
  explicit ModuleDecoder(const ModuleFormat& format) : format_(format) {}

  // Decodes the picture, or the first frame of several.
  //
  // Errors:   kCorrupt, kUnsupported (also where the module is missing), kTooLarge, kInstallation,
  //           and the consumer's
  Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                      RowConsumer& consumer, DecodeReport& report) override;

 private:
  const ModuleFormat& format_;
  Delivery delivery_;
};

}  // namespace imnorm
