// The table of what can be found.
#include <iterator>

#include "imnorm/verify.h"

namespace imnorm {
namespace {

using enum FindingKind;
using enum FindingLevel;

constexpr FindingRow kRows[] = {
    {kEmpty, kError, "empty", "the file has no bytes"},
    {kDamaged, kError, "damaged", "the file is damaged"},
    {kUnread, kError, "unread", "the file cannot be read here"},
    {kTooLarge, kError, "too_large", "the picture is beyond the limits"},
    {kLeak, kError, "leak", "the same pixels are in the other set"},
    {kWrongExtension, kWarning, "wrong_extension", "the extension is another format's"},
    {kFlawed, kWarning, "flawed", "the decoder complains, the pixels are there"},
    {kCmyk, kWarning, "cmyk", "inks, which libraries turn into RGB differently"},
    {kSixteenBits, kWarning, "16_bit", "16-bit samples, of which most libraries keep 8"},
    {kHiddenColours, kWarning, "hidden_colours", "colours where alpha says there are none"},
    {kRotated, kWarning, "rotated", "stored turned; EXIF says how it stands"},
    {kAnimated, kWarning, "animated", "several frames or pages; the first is read"},
    {kBlank, kWarning, "blank", "hardly anything is on it"},
    {kDuplicate, kWarning, "duplicate", "the same pixels as an earlier picture"},
    {kNearLeak, kWarning, "near_leak", "nearly the same is in the other set"},
    {kCaseTwins, kWarning, "case_twins", "names that differ only by case"},
    {kPalette, kInfo, "palette", "a palette's indices, not colours"},
    {kGray, kInfo, "gray", "grey among colour pictures"},
    {kOddSize, kInfo, "odd_size", "much smaller or larger than most"},
    {kOddAspect, kInfo, "odd_aspect", "very wide or very tall"},
    {kDark, kInfo, "dark", "too dark"},
    {kBright, kInfo, "bright", "too bright"},
    {kBlurred, kInfo, "blurred", "blurred"},
    {kNearDuplicate, kInfo, "near_duplicate", "nearly the same as an earlier picture"},
};
static_assert(std::size(kRows) == kFindingKinds);

}  // namespace

std::span<const FindingRow> FindingRows() { return kRows; }

const FindingRow& RowOf(FindingKind kind) { return kRows[size_t(kind)]; }

std::string_view WordOf(FindingLevel level) {
  return level == kError ? "error" : level == kWarning ? "warning" : "info";
}

}  // namespace imnorm
