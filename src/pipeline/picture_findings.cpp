// Holds one picture against the rules.
#include "pipeline/picture_findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "decode/codecs.h"
#include "io/path_ending.h"

namespace imnorm {
namespace {

constexpr double kDarkBelow = 0.32;
constexpr double kBrightAbove = 0.95;
constexpr double kLeastBits = 3.0;
constexpr double kLeastSharpness = 0.29;
constexpr double kLeastAspect = 0.35;

std::string Upper(std::string_view word) {
  std::string text(word);
  for (char& c : text) c = char(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return text;
}

class Findings {
 public:
  Findings(uint64_t index, const std::string& path) : index_(index), path_(path) {}

  void Add(bool found, FindingKind kind, std::string text) {
    if (found) all.push_back({kind, index_, path_, std::move(text), ""});
  }

  std::vector<Finding> all;

 private:
  const uint64_t index_;
  const std::string& path_;
};

void AddHeaders(const DecodeReport& report, bool hides_colours, Findings& findings,
                const std::string& path) {
  const PictureInfo& picture = report.picture;
  findings.Add(HasOtherExtension(path, picture.format), FindingKind::kWrongExtension,
               fmt::format("{} named .{}", Upper(picture.format), LowerExtension(path)));
  const bool flawed =
      report.kinds.Has(NoteKind::kCodecWarning) || report.kinds.Has(NoteKind::kScansMissing);
  std::string flaw;
  for (const DecodeNote& note : report.notes) {
    if (note.kind == NoteKind::kCodecWarning && flaw.empty()) flaw = note.text;
  }
  if (flaw.empty()) {
    flaw = NoteText(report.kinds.Has(NoteKind::kScansMissing) ? NoteKind::kScansMissing
                                                              : NoteKind::kCodecWarning);
  }
  findings.Add(flawed, FindingKind::kFlawed, flaw);
  findings.Add(picture.has_inks, FindingKind::kCmyk, "CMYK");
  findings.Add(picture.bits == 16, FindingKind::kSixteenBits, "16 bits a sample");
  findings.Add(hides_colours, FindingKind::kHiddenColours, "colours stand where it is transparent");
  findings.Add(picture.orientation != 1, FindingKind::kRotated,
               fmt::format("EXIF orientation {}", picture.orientation));
  // Where one of them is asked for there is nothing to say.
  const bool first_alone =
      report.kinds.Has(NoteKind::kFurtherPages) || report.kinds.Has(NoteKind::kFurtherFrames);
  findings.Add(picture.frames > 1 && first_alone, FindingKind::kAnimated,
               fmt::format("{} {}", picture.frames, picture.format == "tiff" ? "pages" : "frames"));
}

}  // namespace

Finding FindingOfFailure(const ItemOutcome& outcome, uint64_t index, const std::string& path) {
  const Error& error = outcome.decoded.error();
  Finding finding{FindingKind::kUnread, index, path, error.message, ""};
  if (error.code == ErrorCode::kCorrupt) {
    finding.kind = FindingKind::kDamaged;
    finding.text += fmt::format(" (a file of {} bytes)", outcome.bytes_read);
  } else if (error.code == ErrorCode::kTooLarge) {
    finding.kind = FindingKind::kTooLarge;
  }
  return finding;
}

std::vector<Finding> FindingsOfPicture(const DecodeReport& report, bool hides_colours,
                                       const LookedAt& looked, uint64_t index,
                                       const std::string& path) {
  Findings findings(index, path);
  AddHeaders(report, hides_colours, findings, path);
  const PictureLook& look = looked.look;
  const double sharpness = SharpnessScore(look);
  const double aspect =
      double(std::min(looked.width, looked.height)) / double(std::max(looked.width, looked.height));
  findings.Add(look.entropy < kLeastBits, FindingKind::kBlank,
               fmt::format("{:.2f} bits of entropy", look.entropy));
  findings.Add(report.picture.has_palette, FindingKind::kPalette, "palette");
  findings.Add(look.gray, FindingKind::kGray, "grey");
  findings.Add(aspect < kLeastAspect, FindingKind::kOddAspect,
               fmt::format("{} x {}", looked.width, looked.height));
  findings.Add(look.dark_end < kDarkBelow, FindingKind::kDark,
               fmt::format("99 % of it below {:.2f}", look.dark_end));
  findings.Add(look.bright_end > kBrightAbove, FindingKind::kBright,
               fmt::format("95 % of it above {:.2f}", look.bright_end));
  findings.Add(sharpness < kLeastSharpness, FindingKind::kBlurred,
               fmt::format("sharpness {:.2f}", sharpness));
  return std::move(findings.all);
}

}  // namespace imnorm
