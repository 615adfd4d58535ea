// Decodes a file with the codec that recognises it, and turns the picture upright.
#include <cstring>
#include <vector>

#include "decode/codecs.h"
#include "decode/delivery.h"
#include "decode/orient.h"
#include "decode/unread.h"
#include "imnorm/decode.h"

namespace imnorm {
namespace {

// Collects a whole picture.
class ImageCollector : public RowConsumer {
 public:
  explicit ImageCollector(Image& image) : image_(image) {}

  Result<Rect> Begin(const ImageInfo& info) override {
    image_.Reshape(info.width, info.height, info.channels, info.type);
    return Rect{0, 0, info.width, info.height};
  }

  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    const size_t bytes = image_.stride_bytes();
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      std::memcpy(image_.row(y + i), rows, bytes);
    }
  }

 private:
  Image& image_;
};

}  // namespace

struct Decoder::State {
  std::vector<std::unique_ptr<PictureDecoder>> decoders;  // one a codec, null until it is needed
  Orienter orienter;

  PictureDecoder& Of(const Codec& codec);
};

PictureDecoder& Decoder::State::Of(const Codec& codec) {
  const auto codecs = Codecs();
  decoders.resize(codecs.size());
  size_t place = 0;
  while (codecs[place] != &codec) ++place;
  if (!decoders[place]) decoders[place] = codec.make();
  return *decoders[place];
}

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

Result<DecodeReport> Decoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                     RowConsumer& consumer) {
  const Codec* codec = CodecOf(bytes);
  if (codec == nullptr) return RefuseUnknown(bytes);
  DecodeReport report;
  // Where headers are refused the decoder says why, in words of its own.
  if (Result<PictureInfo> info = codec->probe(bytes)) report.picture = *info;
  report.picture.format = codec->name;
  const int orientation = report.picture.orientation;
  const bool turns = orientation != 1 && (options.apply_exif || codec->always_upright);
  if (turns) state_->orienter.Reset(orientation, consumer, options.stop);
  RowConsumer& target = turns ? static_cast<RowConsumer&>(state_->orienter) : consumer;
  Result<void> decoded = state_->Of(*codec).Decode(bytes, options, target, report);
  if (!decoded) return Failed(decoded);
  if (turns && !state_->orienter.Finish()) return Stopped();
  if (orientation != 1 && !turns) report.Say(NoteKind::kRotationNotApplied);
  return report;
}

Result<DecodeReport> Decoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                     Image& image) {
  ImageCollector collector(image);
  return Decode(bytes, options, collector);
}

}  // namespace imnorm
