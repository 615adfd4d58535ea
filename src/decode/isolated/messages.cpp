// Each kind of message is one list of fields, for both ways.
#include "decode/isolated/messages.h"

#include <algorithm>
#include <array>
#include <limits>
#include <mutex>
#include <set>
#include <string_view>

#include "decode/codecs.h"

namespace imnorm {
namespace {

constexpr size_t kMostText = 4096;
constexpr uint32_t kMostNotes = 8;

tl::unexpected<Error> Nonsense() {
  return Fail(ErrorCode::kCrashed, "its decoder wrote over its own memory");
}

template <typename Archive, typename Job>
void JobFields(Archive& archive, Job& job) {
  archive(job.bytes);
  archive(job.files_bytes);
  archive(job.rows_bytes);
  archive(job.memory_bytes);
  auto& o = job.options;
  archive(o.apply_exif);
  archive(o.alpha);
  for (auto& level : o.background) archive(level);
  archive(o.channels);
  archive(o.depth);
  archive(o.max_pixels);
  archive(o.jpeg);
  archive(o.png);
  archive(o.frame);
  archive(o.jpeg_dct);
  archive(o.jpeg_plain_upsampling);
  archive(o.fast_decode);
  archive(o.palette_indices);
  archive(o.icc);
  archive(o.inks);
}

// memory and stop stay with the run, isolate means its process; every other field stands above.
static_assert(sizeof(DecodeOptions) == 160, "a field that a decoding process has to be told of?");

template <typename Archive, typename Answer>
void AnswerFields(Archive& archive, Answer& answer) {
  archive(answer.may);
  archive(answer.window.x);
  archive(answer.window.y);
  archive(answer.window.width);
  archive(answer.window.height);
  archive(answer.rows_bytes);
  archive(answer.reduction);
}

template <typename Archive, typename Info>
void ImageFields(Archive& archive, Info& info) {
  archive(info.width);
  archive(info.height);
  archive(info.channels);
  archive(info.type);
  archive(info.full_width);
  archive(info.full_height);
  archive(info.has_alpha);
  archive(info.nodata);
  archive(info.reduced);
}

template <typename Archive, typename Info>
void PictureFields(Archive& archive, Info& info) {
  archive(info.width);
  archive(info.height);
  archive(info.channels);
  archive(info.bits);
  archive(info.has_alpha);
  archive(info.has_palette);
  archive(info.has_inks);
  archive(info.progressive);
  archive(info.orientation);
  archive(info.has_profile);
  archive(info.decode_bytes);
  archive(info.frames);
}

template <typename T>
bool IsOneOf(T value, T last) {
  return int32_t(value) >= 0 && int32_t(value) <= int32_t(last);
}

std::string Cut(std::string_view text) { return std::string(text.substr(0, kMostText)); }

// A reason of our decoders as static text: one of few, whoever says it.
std::string_view StaticText(const std::string& text) {
  static std::mutex mutex;
  static std::set<std::string> texts;
  constexpr size_t kMost = 256;
  const std::lock_guard lock(mutex);
  if (texts.size() >= kMost && !texts.contains(text)) return "another reason";
  return *texts.insert(text).first;
}

// "" where no codec is called so.
std::string_view FormatOf(const std::string& name) {
  for (const Codec* codec : Codecs()) {
    if (codec->name == name) return codec->name;
  }
  return "";
}

}  // namespace

void Pack(Packer& packer, MessageKind kind) { packer(uint8_t(kind)); }
void Pack(Packer& packer, const JobMessage& job) { JobFields(packer, job); }
void Pack(Packer& packer, const AnswerMessage& answer) { AnswerFields(packer, answer); }
void Pack(Packer& packer, const ImageInfo& info) { ImageFields(packer, info); }

void Pack(Packer& packer, uint64_t number) { packer.operator()(number); }

void Pack(Packer& packer, const SizeMessage& size) {
  packer(size.width);
  packer(size.height);
}

void Pack(Packer& packer, const RowsMessage& rows) {
  packer(rows.y);
  packer(rows.count);
}

void Pack(Packer& packer, const DecodeReport& report) {
  packer(std::string(report.picture.format));
  PictureFields(packer, report.picture);
  packer(report.nodata);
  for (size_t kind = 0; kind < kNoteKinds; ++kind) packer(report.kinds.Has(NoteKind(kind)));
  const auto count = uint32_t(std::min<size_t>(report.notes.size(), kMostNotes));
  packer(count);
  for (uint32_t i = 0; i < count; ++i) {
    packer(report.notes[i].kind);
    packer(Cut(report.notes[i].text));
  }
  packer(Cut(report.fallback));
}

void Pack(Packer& packer, const Error& error) {
  packer(error.code);
  packer(Cut(error.message));
  packer(Cut(error.setting));
}

Result<JobMessage> UnpackJob(Unpacker unpacker) {
  JobMessage job;
  JobFields(unpacker, job);
  if (!unpacker.whole()) return Nonsense();
  return job;
}

Result<AnswerMessage> UnpackAnswer(Unpacker unpacker) {
  AnswerMessage answer;
  AnswerFields(unpacker, answer);
  if (!unpacker.whole()) return Nonsense();
  return answer;
}

Result<RowsMessage> UnpackRows(Unpacker unpacker) {
  RowsMessage rows;
  unpacker(rows.y);
  unpacker(rows.count);
  if (!unpacker.whole()) return Nonsense();
  return rows;
}

Result<ImageInfo> UnpackImageInfo(Unpacker unpacker) {
  ImageInfo info;
  ImageFields(unpacker, info);
  constexpr int kMostSide = std::numeric_limits<int>::max() / 16;
  constexpr int kMostChannels = 1 << 16;
  const bool sound = unpacker.whole() && info.width > 0 && info.height > 0 &&
                     info.width <= kMostSide && info.height <= kMostSide && info.channels > 0 &&
                     info.channels <= kMostChannels && info.full_width >= 0 &&
                     info.full_height >= 0 && IsOneOf(info.type, ElementType::kBool);
  if (!sound) return Nonsense();
  return info;
}

Result<DecodeReport> UnpackReport(Unpacker unpacker) {
  DecodeReport report;
  report.picture.format = FormatOf(unpacker.Take<std::string>());
  PictureFields(unpacker, report.picture);
  unpacker(report.nodata);
  for (size_t kind = 0; kind < kNoteKinds; ++kind) {
    if (unpacker.Take<bool>()) report.kinds.Add(NoteKind(kind));
  }
  const auto count = unpacker.Take<uint32_t>();
  if (count > kMostNotes) return Nonsense();
  for (uint32_t i = 0; i < count && unpacker.good(); ++i) {
    const auto kind = unpacker.Take<NoteKind>();
    if (size_t(kind) >= kNoteKinds) return Nonsense();
    report.notes.push_back({kind, unpacker.Take<std::string>()});
  }
  if (const auto fallback = unpacker.Take<std::string>(); !fallback.empty()) {
    report.fallback = StaticText(fallback);
  }
  const bool sound = unpacker.whole() && !report.picture.format.empty() &&
                     report.picture.width > 0 && report.picture.height > 0;
  if (!sound) return Nonsense();
  return report;
}

Result<Error> UnpackError(Unpacker unpacker) {
  Error error{ErrorCode::kCorrupt, "", ""};
  unpacker(error.code);
  unpacker(error.message);
  unpacker(error.setting);
  if (!unpacker.whole() || !IsOneOf(error.code, ErrorCode::kInstallation)) return Nonsense();
  return error;
}

}  // namespace imnorm
