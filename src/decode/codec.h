// A picture format as one value: what it is called, how it is recognised, told of and decoded.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "decode/memory_share.h"
#include "imnorm/decode.h"
#include "imnorm/error.h"
#include "imnorm/rows.h"

namespace imnorm {

// Decodes one file after another; buffers are kept.
class PictureDecoder {
 public:
  virtual ~PictureDecoder() = default;

  // Decodes one file; report.picture holds what the codec's probe says, report takes the notes.
  virtual Result<void> Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                              RowConsumer& consumer, DecodeReport& report) = 0;

  // What the picture that is decoded next has of the memory; null: it need not ask.
  void SetShare(MemoryShare* share) {
    share_ = share;
    asked_ = 0;
  }
  uint64_t asked() const { return asked_; }  // bytes, since then

 protected:
  Result<void> TakeMemory(uint64_t bytes) {
    asked_ += bytes;
    return share_ != nullptr ? share_->Take(bytes) : Result<void>();
  }

 private:
  MemoryShare* share_ = nullptr;
  uint64_t asked_ = 0;
};

template <typename Decoder>
std::unique_ptr<PictureDecoder> MakeDecoder() {
  return std::make_unique<Decoder>();
}

struct ModuleFormat;

struct Codec {
  std::string_view name;                         // "jpeg"
  std::span<const std::string_view> extensions;  // lower case, without the dot
  bool (*recognises)(std::span<const uint8_t> bytes);
  // Fills in what the headers say; what it refuses the decoder refuses, too.
  Result<PictureInfo> (*probe)(std::span<const uint8_t> bytes);
  std::unique_ptr<PictureDecoder> (*make)();
  CodecVersion (*version)();    // of the library behind it; null where there is none, or a module
  bool always_upright = false;  // orientation belongs to the format, as in Pillow's TIFF
  // Loads the module behind it, kInstallation if it is not there; null where there is none.
  Result<void> (*ready)() = nullptr;
  // The decoder asks for PictureInfo::decode_bytes itself, where it comes to need them.
  bool asks_for_memory = false;
  // The module behind it, where a build may lack that.
  const ModuleFormat* module = nullptr;
  // The same as probe of a frame behind the first (DecodeOptions::frame), decode_bytes included;
  // null: only the first is read.
  Result<PictureInfo> (*probe_frame)(std::span<const uint8_t> bytes, uint64_t frame) = nullptr;
  // Puts the ICC profile of a file into `profile`, empty where it has none; null where files of the
  // format have none, or do not give it.
  Result<void> (*profile)(std::span<const uint8_t> bytes, uint64_t frame,
                          std::vector<uint8_t>& profile) = nullptr;
};

}  // namespace imnorm
