// Makes a file of each frame of an animated PNG, and draws them over each other.
#include "decode/png_animation.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "decode/bytes.h"
#include "decode/png_codec.h"

namespace imnorm {
namespace {

constexpr uint64_t kSignatureBytes = 8;
constexpr uint64_t kChunkOverhead = 12;  // length, type, checksum
constexpr uint64_t kControlBytes = 26;
constexpr int kToBackground = 1;
constexpr int kToPrevious = 2;
constexpr int kOver = 1;

// Calls visit(type, whole chunk, its data) for the chunks that are whole, until that says no.
template <typename Visit>
void ForEachChunk(std::span<const uint8_t> png, Visit visit) {
  const ByteView view(png, true);
  for (uint64_t at = kSignatureBytes; view.Has(at, kChunkOverhead);) {
    const uint64_t length = view.U32(at);
    if (!view.Has(at, length + kChunkOverhead)) return;
    const auto type = view.Slice(at + 4, 4);
    const std::string_view name(reinterpret_cast<const char*>(type.data()), type.size());
    if (!visit(name, view.Slice(at, length + kChunkOverhead), view.Slice(at + 8, length))) return;
    if (name == "IEND") return;
    at += length + kChunkOverhead;
  }
}

void Put32(uint32_t value, std::vector<uint8_t>& out) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(uint8_t(value >> shift));
}

void PutChunk(std::string_view type, std::span<const uint8_t> data, std::vector<uint8_t>& out) {
  Put32(uint32_t(data.size()), out);
  const size_t from = out.size();
  out.insert(out.end(), type.begin(), type.end());
  out.insert(out.end(), data.begin(), data.end());
  Put32(uint32_t(crc32(0, out.data() + from, uInt(out.size() - from))), out);
}

bool ChecksumHolds(std::span<const uint8_t> chunk) {
  const auto checked = chunk.subspan(4, chunk.size() - 8);
  return crc32(0, checked.data(), uInt(checked.size())) ==
         ByteView(chunk, true).U32(chunk.size() - 4);
}

// Collects a frame as red, green, blue and alpha.
class Collector : public RowConsumer {
 public:
  Collector(const Rect& place, std::vector<uint8_t>& pixels) : place_(place), pixels_(pixels) {}

  Result<Rect> Begin(const ImageInfo& info) override {
    if (info.width != place_.width || info.height != place_.height) {
      return Fail(ErrorCode::kCorrupt, "a frame is of another size than it says");
    }
    channels_ = info.channels;
    pixels_.resize(size_t(info.width) * size_t(info.height) * 4);
    return Rect{0, 0, info.width, info.height};
  }

  void Rows(const uint8_t* rows, size_t stride_bytes, int y, int count) override {
    uint8_t* out = pixels_.data() + size_t(y) * size_t(place_.width) * 4;
    for (int i = 0; i < count; ++i, rows += stride_bytes) {
      const uint8_t* in = rows;
      for (int x = 0; x < place_.width; ++x, in += channels_, out += 4) {
        std::copy_n(in, 3, out);
        out[3] = channels_ == 4 ? in[3] : 255;
      }
    }
  }

 private:
  const Rect place_;
  std::vector<uint8_t>& pixels_;
  int channels_ = 0;
};

// Pillow's paste with a mask: all four samples alike.
void PasteOver(const uint8_t* source, uint8_t* under) {
  const uint32_t alpha = source[3];
  for (int c = 0; c < 4; ++c) {
    const uint32_t sum = under[c] * (255 - alpha) + source[c] * alpha + 128;
    under[c] = uint8_t(((sum >> 8) + sum) >> 8);
  }
}

// What Pillow's zeros mean: transparent black, black, or the palette's first colour.
void FindClearColor(std::span<const uint8_t> png, uint8_t (&clear)[4]) {
  const int color_type = ByteView(png).U8(25);
  std::fill_n(clear, 3, uint8_t{0});
  clear[3] = color_type == 4 || color_type == 6 ? 0 : 255;
  ForEachChunk(png, [&](std::string_view type, auto, std::span<const uint8_t> data) {
    if (type == "PLTE" && color_type == 3 && data.size() >= 3) std::copy_n(data.data(), 3, clear);
    if (type == "tRNS" && color_type == 3 && !data.empty()) clear[3] = data[0];
    if (type == "tRNS" && (color_type == 0 || color_type == 2)) {
      const bool black = std::ranges::all_of(data, [](uint8_t byte) { return byte == 0; });
      if (black) clear[3] = 0;
    }
    return type != "IDAT";
  });
}

}  // namespace

uint64_t FramesOfPng(std::span<const uint8_t> bytes) {
  constexpr uint32_t kMost = 0x80000000;
  uint64_t frames = 1;
  bool told_of = false, control_seen = false;
  ForEachChunk(bytes, [&](std::string_view type, auto, std::span<const uint8_t> data) {
    if (type == "fcTL") control_seen = true;
    if (type == "acTL" && data.size() >= 8) {
      const uint32_t told = ByteView(data, true).U32(0);
      told_of = told >= 1 && told <= kMost;
      if (told_of) frames = told;
    }
    return type != "IDAT";
  });
  return told_of && !control_seen ? frames + 1 : frames;
}

PngAnimation::PngAnimation() : PngAnimation(kPngCodec.make()) {}

Result<PngAnimation::Frame> PngAnimation::FileOf(std::span<const uint8_t> bytes) {
  constexpr std::string_view kSignature = "\x89PNG\r\n\x1a\n";
  file_.assign(kSignature.begin(), kSignature.end());
  Frame frame;
  uint64_t controls = 0;  // as many frames begin, where the default image is none
  bool default_seen = false, found = false, damaged = false;
  int64_t sequence = -1;
  ForEachChunk(bytes, [&](std::string_view type, auto chunk, std::span<const uint8_t> data) {
    const ByteView view(data, true);
    if (type == "IDAT") {
      if (!default_seen && controls == 0) controls = 1;  // the default image comes first
      default_seen = true;
      return number_ > 0;
    }
    if (type == "fcTL") {
      if (found) return false;
      damaged = damaged || data.size() < kControlBytes || !ChecksumHolds(chunk) ||
                int64_t{view.U32(0)} != ++sequence;
      if (damaged) return false;
      found = controls++ == number_;
      if (!found) return true;
      frame.place = {int(view.U32(12) & INT32_MAX), int(view.U32(16) & INT32_MAX),
                     int(view.U32(4) & INT32_MAX), int(view.U32(8) & INT32_MAX)};
      frame.disposal = view.U8(24);
      frame.blend = view.U8(25);
      std::vector<uint8_t> header(data.begin() + 4, data.begin() + 12);
      const auto rest = ByteView(bytes).Slice(kSignatureBytes + 16, 5);  // of IHDR
      header.insert(header.end(), rest.begin(), rest.end());
      std::vector<uint8_t> file(kSignature.begin(), kSignature.end());
      PutChunk("IHDR", header, file);
      file.insert(file.end(), file_.begin() + kSignatureBytes, file_.end());
      file_ = std::move(file);
      return true;
    }
    if (type == "PLTE" || type == "tRNS") {
      if (!default_seen) file_.insert(file_.end(), chunk.begin(), chunk.end());
      return true;
    }
    if (type == "fdAT") {
      damaged =
          damaged || data.size() < 4 || !ChecksumHolds(chunk) || int64_t{view.U32(0)} != ++sequence;
      if (found && !damaged) PutChunk("IDAT", data.subspan(4), file_);
    }
    return !damaged;
  });
  if (damaged) return Fail(ErrorCode::kCorrupt, "the order or a checksum of its frames is wrong");
  if (!found && number_ > 0) {
    return Fail(ErrorCode::kCorrupt, fmt::format("the file ends before its frame {}", number_));
  }
  PutChunk("IEND", {}, file_);
  return frame;
}

Result<void> PngAnimation::DecodeFile(std::span<const uint8_t> file, const Rect& place,
                                      const DecodeOptions& options) {
  DecodeOptions whole = options;
  whole.frame.reset();
  whole.alpha = AlphaPolicy::kMask;
  whole.channels = DecodeChannels::kRgb;
  whole.depth = 8;
  whole.palette_indices = false;
  Collector collector(place, pixels_);
  DecodeReport report;
  if (const auto info = kPngCodec.probe(file)) report.picture = *info;
  return files_->Decode(file, whole, collector, report);
}

Result<void> PngAnimation::Next(std::span<const uint8_t> bytes, const DecodeOptions& options) {
  const ByteView view(bytes, true);
  const Rect all = {0, 0, int(view.U32(16) & INT32_MAX), int(view.U32(20) & INT32_MAX)};
  if (auto size = CheckSize(all.width, all.height, options); !size) return size;
  auto frame = FileOf(bytes);
  if (!frame) return Failed(frame);
  if (number_ == 0) {
    FindClearColor(bytes, clear_);
    const bool first = frame->place.width > 0;  // of the animation
    frame->place = all;
    frame->blend = 0;
    if (!first) frame->disposal = 0;
    if (frame->disposal == kToPrevious) frame->disposal = kToBackground;
    canvas_.Reset(all.width, all.height);
  }
  const Rect& place = frame->place;
  if (place.width < 1 || place.height < 1 || int64_t{place.x} + place.width > all.width ||
      int64_t{place.y} + place.height > all.height) {
    return Fail(ErrorCode::kCorrupt, "a frame does not fit its place on the canvas");
  }
  const auto file = number_ == 0 ? bytes : std::span<const uint8_t>(file_);
  if (auto decoded = DecodeFile(file, place, options); !decoded) return decoded;
  Dispose();
  Draw(*frame);
  before_ = *frame;
  ++number_;
  return {};
}

void PngAnimation::Dispose() {
  const Rect& place = before_.place;
  if (before_.disposal == kToBackground) canvas_.Fill(place, clear_);
  if (before_.disposal != kToPrevious) return;
  const uint8_t* in = under_.data();
  for (int y = 0; y < place.height; ++y, in += size_t(place.width) * 4) {
    std::copy_n(in, size_t(place.width) * 4, canvas_.row(place.x, place.y + y));
  }
}

void PngAnimation::Draw(const Frame& frame) {
  const Rect& place = frame.place;
  const size_t row_bytes = size_t(place.width) * 4;
  under_.clear();
  const uint8_t* in = pixels_.data();
  for (int y = 0; y < place.height; ++y) {
    uint8_t* out = canvas_.row(place.x, place.y + y);
    if (frame.disposal == kToPrevious) under_.insert(under_.end(), out, out + row_bytes);
    for (int x = 0; x < place.width; ++x, in += 4, out += 4) {
      if (frame.blend == kOver) {
        PasteOver(in, out);
      } else {
        std::copy_n(in, 4, out);
      }
    }
  }
}

}  // namespace imnorm
