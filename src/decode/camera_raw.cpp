// Looks for what only camera raw files have in a TIFF's directories.
#include "decode/camera_raw.h"

#include <fmt/format.h>

#include <algorithm>

#include "io/path_ending.h"

namespace imnorm {
namespace {

constexpr int kSubfileTypeTag = 254;
constexpr int kPhotometricTag = 262;
constexpr int kMakeTag = 271;
constexpr int kSubDirectoriesTag = 330;
constexpr int kDngVersionTag = 50706;
constexpr uint64_t kReducedResolution = 1;

// No raw file has more than a handful; a list made to cost time has.
constexpr uint64_t kMaxSubDirectories = 16;

constexpr std::string_view kExtensions[] = {
    "3fr", "arw", "cr2", "cr3", "crw", "dcr", "dng", "erf", "iiq", "kdc", "mef", "mos", "mrw",
    "nef", "nrw", "orf", "pef", "raf", "raw", "rw2", "rwl", "sr2", "srf", "srw", "x3f"};

struct Maker {
  std::string_view name;
  const char* kind;
};
constexpr Maker kMakers[] = {{"NIKON", "NEF"},        {"SONY", "ARW"},       {"PENTAX", "PEF"},
                             {"SAMSUNG", "SRW"},      {"Hasselblad", "3FR"}, {"Canon", "CR2"},
                             {"EASTMAN KODAK", "DCR"}};

// Samples behind a colour filter, or such samples put together but not yet developed.
bool IsSensorData(uint64_t photometric) { return photometric == 32803 || photometric == 34892; }

bool HoldsSensorData(const TiffDirectory& directory, std::span<const uint8_t> tiff) {
  if (IsSensorData(directory.Number(kPhotometricTag, 0))) return true;
  for (uint64_t i = 0; i < kMaxSubDirectories; ++i) {
    const uint64_t at = directory.Number(kSubDirectoriesTag, 0, i);
    if (at == 0) break;
    if (IsSensorData(TiffDirectory(tiff, at).Number(kPhotometricTag, 0))) return true;
  }
  return false;
}

}  // namespace

std::string CameraRawOfName(std::string_view path) {
  std::string extension = LowerExtension(path);
  if (std::find(std::begin(kExtensions), std::end(kExtensions), extension) ==
      std::end(kExtensions)) {
    return "";
  }
  for (char& c : extension) c = char(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
  return extension;
}

std::string CameraRawOfTiff(const TiffDirectory& directory, std::span<const uint8_t> tiff) {
  constexpr size_t kCanonMark = 8;
  if (tiff.size() > kCanonMark + 2 && tiff[kCanonMark] == 'C' && tiff[kCanonMark + 1] == 'R') {
    return "CR2";
  }
  if (directory.Has(kDngVersionTag)) return "DNG";
  const bool thumbnail = (directory.Number(kSubfileTypeTag, 0) & kReducedResolution) != 0 &&
                         directory.Number(kSubDirectoriesTag, 0) != 0;
  if (!thumbnail && !HoldsSensorData(directory, tiff)) return "";
  const std::span<const uint8_t> bytes = directory.Bytes(kMakeTag);
  const std::string_view make(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const Maker& maker : kMakers) {
    if (make.starts_with(maker.name)) return maker.kind;
  }
  return "a TIFF that begins with a thumbnail";
}

tl::unexpected<Error> RefuseCameraRaw(const std::string& kind) {
  return Fail(
      ErrorCode::kUnsupported,
      fmt::format("camera raw ({}) is not read; convert it to PNG, JPEG, WebP, BMP, TIFF or "
                  "PNM with a raw developer",
                  kind));
}

}  // namespace imnorm
