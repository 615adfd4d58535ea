// Names and words of the kinds of notes, and their counts.
#include "imnorm/notes.h"

namespace imnorm {
namespace {

struct Words {
  std::string_view name;
  std::string_view text;
};

// Indexed by the kind's value.
constexpr std::array<Words, kNoteKinds> kWords = {{
    {"rotation_not_applied", "the rotation that its EXIF data ask for is not applied"},
    {"bits_reduced", "16-bit samples are reduced to their high byte"},
    {"alpha_dropped", "alpha is dropped"},
    {"further_pages", "a file of several pictures: the first is read"},
    {"further_frames", "a file of several frames: the first is read"},
    {"codec_warning", "a codec's warning that leaves the pixels alone"},
    {"nodata", "pixels of the value that it declares as nodata are left out"},
    {"scans_missing", "a progressive JPEG that ends before its last scan"},
    {"nodata_kept", "the value that it declares as nodata is taken like any other"},
    {"nodata_filled", "where it declares nodata stands the mean of its band"},
    {"profile_ignored", "its ICC profile is not sRGB's, and is not applied"},
}};

}  // namespace

std::string_view NoteName(NoteKind kind) { return kWords[size_t(kind)].name; }

std::optional<NoteKind> NoteFromName(std::string_view name) {
  for (size_t i = 0; i < kNoteKinds; ++i) {
    if (kWords[i].name == name) return NoteKind(i);
  }
  return std::nullopt;
}

std::string_view NoteText(NoteKind kind) { return kWords[size_t(kind)].text; }

void NoteCounts::Add(NoteSet notes) {
  for (size_t i = 0; i < kNoteKinds; ++i) of[i] += notes.Has(NoteKind(i)) ? 1 : 0;
}

void NoteCounts::Add(const NoteCounts& other) {
  for (size_t i = 0; i < kNoteKinds; ++i) of[i] += other.of[i];
}

}  // namespace imnorm
