// Reads header, primaries and curves of ICC profiles.
//
// Source:   ICC.1:2022, sections 7.2, 7.3, 10.6, 10.15, 10.18 and 10.31
#include "decode/icc_profile.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <string_view>

#include "decode/bytes.h"

namespace imnorm {
namespace {

constexpr uint64_t kHeader = 128;
constexpr uint64_t kColorsAt = 16;
constexpr uint64_t kSignatureAt = 36;

bool IsProfile(const ByteView& view) {
  return view.Has(0, kHeader + 4) && view.U32(0) <= view.size() && view.U32(0) >= kHeader + 4 &&
         StartsWith(view.Slice(kSignatureAt, 4), "acsp");
}

// The data of a tag; empty where there is none, or it is not all there.
std::span<const uint8_t> TagOf(const ByteView& view, std::string_view name) {
  constexpr uint32_t kMost = 100;  // as Little CMS
  const uint32_t tags = std::min(view.U32(kHeader), kMost);
  for (uint64_t at = kHeader + 4, i = 0; i < tags; ++i, at += 12) {
    if (StartsWith(view.Slice(at, 4), name)) return view.Slice(view.U32(at + 4), view.U32(at + 8));
  }
  return {};
}

double Fixed(const ByteView& view, uint64_t at) { return double(int32_t(view.U32(at))) / 65536; }

// Whether a tag holds XYZ values near these.
bool IsColor(std::span<const uint8_t> tag, const double (&color)[3]) {
  constexpr double kNear = 0.002;
  const ByteView view(tag, true);
  if (!StartsWith(tag, "XYZ ") || !view.Has(8, 12)) return false;
  for (uint64_t i = 0; i < 3; ++i) {
    if (std::abs(Fixed(view, 8 + 4 * i) - color[i]) > kNear) return false;
  }
  return true;
}

// y = (a x + b)^g + e from d on, c x + f below.
double Parametric(const ByteView& view, int kind, double x) {
  // How many numbers each kind has; the others are 0, or follow from them.
  constexpr int kNumbers[] = {1, 3, 4, 5, 7};
  double p[7] = {1, 1, 0, 0, 0, 0, 0};  // g a b c d e f
  for (int i = 0; i < kNumbers[kind]; ++i) p[i] = Fixed(view, 12 + 4 * uint64_t(i));
  const double g = p[0], a = p[1], b = p[2];
  const auto power = [&](double base) { return std::pow(std::max(base, 0.0), g); };
  if (kind == 0) return power(x);
  if (kind == 1) return a * x + b >= 0 ? power(a * x + b) : 0;
  if (kind == 2) return a * x + b >= 0 ? power(a * x + b) + p[3] : p[3];
  return x >= p[4] ? power(a * x + b) + p[5] : p[3] * x + p[6];
}

// The light of a sample from 0 to 1; none where the tag is no curve.
std::optional<double> Light(std::span<const uint8_t> tag, double x) {
  const ByteView view(tag, true);
  if (StartsWith(tag, "para")) {
    const int kind = view.U16(8);
    if (kind > 4 || !view.Has(12, 4 * (kind == 0 ? 1 : uint64_t(kind) + 2 + (kind == 4 ? 1 : 0)))) {
      return std::nullopt;
    }
    return Parametric(view, kind, x);
  }
  if (!StartsWith(tag, "curv")) return std::nullopt;
  const uint64_t count = view.U32(8);
  if (!view.Has(12, 2 * count)) return std::nullopt;
  if (count == 0) return x;
  if (count == 1) return std::pow(x, view.U16(12) / 256.0);
  const double place = x * double(count - 1);
  const auto below = uint64_t(place);
  const uint64_t above = std::min(below + 1, count - 1);
  const double share = place - double(below);
  return (view.U16(12 + 2 * below) * (1 - share) + view.U16(12 + 2 * above) * share) / 65535;
}

double SrgbOf(double light) {
  if (light <= 0.0031308) return 12.92 * light;
  return 1.055 * std::pow(light, 1 / 2.4) - 0.055;
}

bool IsSrgbCurve(std::span<const uint8_t> tag) {
  constexpr double kNear = 0.75;  // of a level
  for (int i = 0; i <= 255; ++i) {
    const std::optional<double> light = Light(tag, i / 255.0);
    if (!light || !(std::abs(SrgbOf(*light) * 255 - i) <= kNear)) return false;
  }
  return true;
}

bool IsSrgb(const ByteView& view) {
  if (StartsWith(view.Slice(kColorsAt, 4), "GRAY")) return IsSrgbCurve(TagOf(view, "kTRC"));
  // sRGB's primaries, adapted to D50.
  constexpr double kRed[] = {0.43607, 0.22249, 0.01392};
  constexpr double kGreen[] = {0.38515, 0.71687, 0.09708};
  constexpr double kBlue[] = {0.14307, 0.06061, 0.71410};
  return StartsWith(view.Slice(kColorsAt, 4), "RGB ") && TagOf(view, "A2B0").empty() &&
         IsColor(TagOf(view, "rXYZ"), kRed) && IsColor(TagOf(view, "gXYZ"), kGreen) &&
         IsColor(TagOf(view, "bXYZ"), kBlue) && IsSrgbCurve(TagOf(view, "rTRC")) &&
         IsSrgbCurve(TagOf(view, "gTRC")) && IsSrgbCurve(TagOf(view, "bTRC"));
}

// The ASCII of a text, up to its end.
std::string Printable(std::span<const uint8_t> text, size_t step) {
  constexpr size_t kMost = 60;
  std::string name;
  for (size_t i = step - 1; i < text.size() && text[i] != 0 && name.size() < kMost; i += step) {
    name += text[i] >= ' ' && text[i] < 127 ? char(text[i]) : '?';
  }
  return name;
}

}  // namespace

IccKind KindOfIcc(std::span<const uint8_t> profile) {
  const ByteView view(profile, true);
  if (!IsProfile(view)) return IccKind::kDamaged;
  return IsSrgb(view) ? IccKind::kSrgb : IccKind::kOther;
}

std::string NameOfIcc(std::span<const uint8_t> profile) {
  const std::span<const uint8_t> tag = TagOf(ByteView(profile, true), "desc");
  const ByteView view(tag, true);
  std::string name;
  if (StartsWith(tag, "desc")) name = Printable(view.Slice(12, view.U32(8)), 1);
  if (StartsWith(tag, "mluc")) name = Printable(view.Slice(view.U32(24), view.U32(20)), 2);
  return name.empty() ? ColorsOfIcc(profile) : name;
}

std::string ColorsOfIcc(std::span<const uint8_t> profile) {
  const std::span<const uint8_t> space = ByteView(profile, true).Slice(kColorsAt, 4);
  if (StartsWith(space, "RGB ")) return "RGB";
  if (StartsWith(space, "GRAY")) return "grey";
  if (StartsWith(space, "CMYK")) return "CMYK";
  return Printable(space, 1);
}

}  // namespace imnorm
