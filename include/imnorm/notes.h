// What was skipped in pictures that are good, by kind: never silence, one line a kind at the end.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace imnorm {

enum class NoteKind : uint8_t {
  kRotationNotApplied,  // EXIF asks for an orientation that was not applied
  kBitsReduced,         // 16-bit samples lost their low byte
  kAlphaDropped,        // there is alpha, and it was left out
  kFurtherPages,        // a TIFF of several pictures: the first is read
  kFurtherFrames,       // an animation, or a JPEG with more behind it: the first is read
  kCodecWarning,        // the codec complains of something that leaves the pixels alone
  kNodata,              // the file declares a value that is no data: it was left out
  kScansMissing,        // a progressive JPEG ends before its last scan
  kNodataKept,          // the file declares a value that is no data: it was taken like any other
  kNodataFilled,        // the same: each band's mean stands in its place
  kProfileIgnored,      // an ICC profile of other colours than sRGB was not applied
};
inline constexpr size_t kNoteKinds = 11;

// The key of a kind in JSON: "rotation_not_applied", ...
std::string_view NoteName(NoteKind kind);
std::optional<NoteKind> NoteFromName(std::string_view name);

// What a kind says of one picture: "the rotation that EXIF asks for is not applied".
std::string_view NoteText(NoteKind kind);

// The kinds that one picture has.
class NoteSet {
 public:
  void Add(NoteKind kind) { bits_ = uint16_t(bits_ | 1u << unsigned(kind)); }
  void Remove(NoteKind kind) { bits_ = uint16_t(bits_ & ~(1u << unsigned(kind))); }
  bool Has(NoteKind kind) const { return (bits_ >> unsigned(kind) & 1) != 0; }
  bool empty() const { return bits_ == 0; }

 private:
  uint16_t bits_ = 0;
};

// How many pictures have each kind.
struct NoteCounts {
  std::array<uint64_t, kNoteKinds> of = {};
  uint64_t operator[](NoteKind kind) const { return of[size_t(kind)]; }
  void Add(NoteSet notes);
  void Add(const NoteCounts& other);
  bool operator==(const NoteCounts&) const = default;
};

}  // namespace imnorm
