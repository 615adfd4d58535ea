// Colours brought to sRGB by a picture's ICC profile, on their way to the consumer.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "decode/modules/icc_api.h"
#include "decode/pixels.h"
#include "imnorm/decode.h"
#include "imnorm/rows.h"

namespace imnorm {

// Loads Little CMS.
//
// Errors:   kInstallation: the module is missing or does not work
Result<const ImnormIccApi*> LoadIcc();

// What `imnorm formats` says of it: the library and its module, or what is missing.
std::string TellIcc();

// Stands between a decoder and a consumer.
//
// Numbers:  Pillow's ImageCms.profileToProfile to its sRGB, perceptual, of 8 bits; alpha is kept,
//           and then treated as the options say
// Threads:  one picture, one thread; buffers and the way of the last profile are kept
class SrgbConverter : public RowConsumer {
 public:
  // What is to be asked of the decoder in place of `options`: inks as they are, alpha where it
  // counts.
  static DecodeOptions Before(const DecodeOptions& options);

  // Prepares for a picture; the consumer must live as long as that is decoded.
  //
  // Errors:   kCorrupt: the profile is damaged, or one of other colours; kInstallation
  Result<void> Reset(std::span<const uint8_t> profile, const PictureInfo& picture,
                     const DecodeOptions& options, RowConsumer& consumer);

  int Reduction(int width, int height) const override;
  Result<Rect> Begin(const ImageInfo& info) override;
  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override;

 private:
  void ConvertOne(const uint8_t* in, uint8_t* out);

  std::vector<uint8_t> profile_;  // of transform_
  int colors_ = 0;                // likewise
  std::unique_ptr<void, void (*)(void*)> transform_{nullptr, [](void*) {}};
  RowConsumer* consumer_ = nullptr;
  PixelTarget target_;
  bool has_alpha_ = false;
  int width_ = 0;
  size_t out_stride_ = 0;
  std::vector<uint8_t> samples_;
  std::vector<uint8_t> colored_;
  std::vector<uint8_t> band_;
};

}  // namespace imnorm
