// Decodes a file with the codec that recognises it, and turns the picture upright.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <utility>
#include <vector>

#include "decode/codecs.h"
#include "decode/delivery.h"
#include "decode/icc_profile.h"
#include "decode/isolated/isolated_decoder.h"
#include "decode/orient.h"
#include "decode/to_srgb.h"
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

// What every thread may take without a word.
constexpr uint64_t kSmall = uint64_t{1} << 20;
// What a thread keeps from picture to picture: its pages cost as much to get anew as a fifth of
// decoding a turned photo. A small part of the memory that all share, where that is large.
uint64_t KeptOf(const DecodeOptions& options) {
  constexpr uint64_t kLeast = uint64_t{16} << 20;
  constexpr uint64_t kMost = uint64_t{64} << 20;
  constexpr uint64_t kPart = 64;
  if (options.memory == nullptr) return kMost;
  return std::clamp(options.memory->bytes() / kPart, kLeast, kMost);
}

uint64_t PixelBytes(const PictureInfo& picture) {
  const uint64_t sample = picture.bits <= 8 ? 1 : picture.bits <= 16 ? 2 : 4;
  return uint64_t(picture.width) * uint64_t(picture.height) * sample *
         uint64_t(std::max(3, picture.channels) + (picture.has_alpha ? 1 : 0));
}

// How long a picture takes.
class Clock {
 public:
  Clock(double seconds, const MemoryShare& share) : seconds_(seconds), share_(share) {}

  bool ran_out() const {
    const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin_;
    return passed.count() - share_.waited() > seconds_;
  }

 private:
  const double seconds_;
  const MemoryShare& share_;
  const std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
};

// What the headers say of a frame that is asked for.
Result<void> FindFrame(const Codec& codec, std::span<const uint8_t> bytes, uint64_t frame,
                       PictureInfo& picture) {
  if (picture.width == 0) return {};
  if (frame >= picture.frames) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("it has no frame or page {}: there {}, counted from 0", frame,
                            picture.frames == 1 ? std::string("is one")
                                                : fmt::format("are {}", picture.frames)));
  }
  if (frame == 0) return {};
  if (codec.probe_frame == nullptr) {
    return Fail(ErrorCode::kUnsupported,
                fmt::format("frames behind the first are not read of {}", codec.name));
  }
  const auto info = codec.probe_frame(bytes, frame);
  if (!info) return Failed(info);
  const uint64_t frames = picture.frames;
  picture = *info;
  picture.frames = frames;
  return {};
}

// Which of several is asked for; that there are others is no news.
void ForgetFurther(DecodeReport& report) {
  for (const NoteKind kind : {NoteKind::kFurtherPages, NoteKind::kFurtherFrames}) {
    report.kinds.Remove(kind);
    std::erase_if(report.notes, [kind](const DecodeNote& note) { return note.kind == kind; });
  }
}

}  // namespace

struct Decoder::State {
  std::vector<std::unique_ptr<PictureDecoder>> decoders;  // one a codec, null until it is needed
  Orienter orienter;
  std::vector<uint8_t> profile;
  SrgbConverter to_srgb;
  std::unique_ptr<IsolatedDecoder> isolated;  // null until it is needed

  PictureDecoder& Of(const Codec& codec);
  void Forget(const Codec& codec);
  Result<bool> BeginProfile(std::span<const uint8_t> bytes, const Codec& codec,
                            const PictureInfo& picture, const DecodeOptions& options,
                            MemoryShare& share, RowConsumer& target);
  void SayProfile(std::span<const uint8_t> bytes, const Codec& codec, uint64_t frame,
                  DecodeReport& report);
};

// Gives the memory of a large picture back when it is done, before its share is.
class Decoder::Shrink {
 public:
  Shrink(State& state, const Codec& codec, const PictureDecoder& decoder,
         const DecodeOptions& options, uint64_t taken)
      : state_(state), codec_(codec), decoder_(decoder), options_(options), taken_(taken) {}
  ~Shrink() {
    const uint64_t taken = taken_ + decoder_.asked();
    if (taken <= kSmall || taken <= KeptOf(options_)) return;
    state_.Forget(codec_);
    ReturnFreedMemory();
  }

 private:
  State& state_;
  const Codec& codec_;
  const PictureDecoder& decoder_;
  const DecodeOptions& options_;
  const uint64_t taken_;  // before it was asked
};

PictureDecoder& Decoder::State::Of(const Codec& codec) {
  const auto codecs = Codecs();
  decoders.resize(codecs.size());
  size_t place = 0;
  while (codecs[place] != &codec) ++place;
  if (!decoders[place]) decoders[place] = codec.make();
  return *decoders[place];
}

void Decoder::State::Forget(const Codec& codec) {
  for (size_t place = 0; place < decoders.size(); ++place) {
    if (Codecs()[place] == &codec) decoders[place].reset();
  }
  orienter = Orienter();
}

// Whether the converter stands before the target: the picture holds a profile, and it is wanted.
Result<bool> Decoder::State::BeginProfile(std::span<const uint8_t> bytes, const Codec& codec,
                                          const PictureInfo& picture, const DecodeOptions& options,
                                          MemoryShare& share, RowConsumer& target) {
  if (options.icc == IccPolicy::kIgnore || !picture.has_profile || codec.profile == nullptr) {
    return false;
  }
  const uint64_t frame = options.frame.value_or(0);
  if (auto read = codec.profile(bytes, frame, profile); !read) return Failed(read);
  if (profile.empty()) return false;
  // As much as the module lets Little CMS take is rarely taken: what it does of common profiles.
  constexpr uint64_t kTables = uint64_t{2} << 20;
  if (auto may = share.Take(3 * profile.size() + kTables); !may) return Failed(may);
  if (auto begun = to_srgb.Reset(profile, picture, options, target); !begun) return Failed(begun);
  return true;
}

// Says that a profile was left alone, but for what is sRGB anyway, and for what is none.
void Decoder::State::SayProfile(std::span<const uint8_t> bytes, const Codec& codec, uint64_t frame,
                                DecodeReport& report) {
  if (!report.picture.has_profile) return;
  if (codec.profile == nullptr) {
    return report.Say(
        NoteKind::kProfileIgnored,
        fmt::format("its ICC profile is not applied: the decoder of {} does not give it",
                    codec.name));
  }
  if (!codec.profile(bytes, frame, profile) || KindOfIcc(profile) != IccKind::kOther) return;
  report.Say(NoteKind::kProfileIgnored,
             fmt::format("its ICC profile ({}) is not applied", NameOfIcc(profile)));
}

Decoder::Decoder() : state_(std::make_unique<State>()) {}
Decoder::~Decoder() = default;

Result<DecodeReport> Decoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                     RowConsumer& consumer) {
  MemoryShare share(options.memory.get(), options.stop);
  Result<DecodeReport> decoded = Decode(bytes, options, consumer, share);
  while (!decoded && share.begins_again()) {
    if (auto waited = share.WaitForAll(); !waited) return Failed(waited);
    decoded = Decode(bytes, options, consumer, share);
  }
  return decoded;
}

Result<DecodeReport> Decoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                     RowConsumer& consumer, MemoryShare& share) {
  if (options.timeout > 0) {
    const Clock clock(options.timeout, share);
    DecodeOptions timed = options;
    timed.timeout = 0;
    timed.stop = [&] { return options.stop() || clock.ran_out(); };
    auto decoded = Decode(bytes, timed, consumer, share);
    if (decoded || decoded.error().code != ErrorCode::kCancelled || options.stop()) return decoded;
    return Blame(
        "conduct.timeout",
        fmt::format("it takes longer than the {} s that `conduct.timeout` allows", options.timeout),
        ErrorCode::kTimeout);
  }
  if (!options.isolate.empty()) {
    if (!state_->isolated) state_->isolated = std::make_unique<IsolatedDecoder>();
    return state_->isolated->Decode(bytes, options, consumer, share);
  }
  const Codec* codec = CodecOf(bytes);
  if (codec == nullptr) return RefuseUnknown(bytes);
  DecodeReport report;
  // Where headers are refused the decoder says why, in words of its own.
  if (Result<PictureInfo> info = codec->probe(bytes)) report.picture = *info;
  if (options.frame) {
    if (auto there = FindFrame(*codec, bytes, *options.frame, report.picture); !there) {
      return Failed(there);
    }
  }
  report.picture.format = codec->name;
  const int orientation = report.picture.orientation;
  const bool turns = orientation != 1 && (options.apply_exif || codec->always_upright);
  const uint64_t pixels = uint64_t(report.picture.width) * uint64_t(report.picture.height);
  const bool fits = pixels <= uint64_t(options.max_pixels);  // else the codec says why not
  const uint64_t turned = turns && fits ? PixelBytes(report.picture) : 0;
  const uint64_t needed =
      turned + (fits && !codec->asks_for_memory ? report.picture.decode_bytes : 0);
  if (needed > kSmall) {
    if (auto may = share.Take(needed); !may) return Failed(may);
  }
  if (turns) state_->orienter.Reset(orientation, consumer, options.stop);
  RowConsumer& target = turns ? static_cast<RowConsumer&>(state_->orienter) : consumer;
  const auto converts = state_->BeginProfile(bytes, *codec, report.picture, options, share, target);
  if (!converts) return Failed(converts);
  PictureDecoder& decoder = state_->Of(*codec);
  decoder.SetShare(&share);
  const Shrink shrink(*state_, *codec, decoder, options, needed);
  Result<void> decoded =
      *converts ? decoder.Decode(bytes, SrgbConverter::Before(options), state_->to_srgb, report)
                : decoder.Decode(bytes, options, target, report);
  if (!decoded) return Failed(decoded);
  if (!*converts) state_->SayProfile(bytes, *codec, options.frame.value_or(0), report);
  if (turns && !state_->orienter.Finish()) return Stopped();
  if (orientation != 1 && !turns) report.Say(NoteKind::kRotationNotApplied);
  if (options.frame) ForgetFurther(report);
  return report;
}

Result<DecodeReport> Decoder::Decode(std::span<const uint8_t> bytes, const DecodeOptions& options,
                                     Image& image) {
  ImageCollector collector(image);
  return Decode(bytes, options, collector);
}

}  // namespace imnorm
