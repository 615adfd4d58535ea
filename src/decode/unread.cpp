// One table of formats that are not read: their extensions, and what converts them.
#include "decode/unread.h"

#include <fmt/format.h>

#include <algorithm>

namespace imnorm {
namespace {

struct UnreadFormat {
  std::string_view name;
  std::string_view extensions;  // lower case, separated by spaces
  std::string_view converter;
};

constexpr UnreadFormat kFormats[] = {
    {"GIF", "gif", "ImageMagick"},
    {"HEIC", "heic heif hif", "heif-convert of libheif"},
    {"AVIF", "avif avifs", "avifdec of libavif"},
    {"JPEG XL", "jxl", "djxl of libjxl"},
    {"JPEG 2000", "jp2 j2k j2c jpc jpf jpx jpm jph", "opj_decompress of OpenJPEG"},
    {"JPEG XR", "jxr wdp hdp", "JxrDecApp of jxrlib"},
    {"JPEG-LS", "jls", "ffmpeg"},
    {"TGA", "tga", "ImageMagick"},
    {"Photoshop PSD", "psd psb", "ImageMagick"},
    {"GIMP XCF", "xcf", "GIMP"},
    {"ICO", "ico cur", "ImageMagick"},
    {"ICNS", "icns", "icns2png of libicns"},
    {"OpenEXR", "exr", "oiiotool of OpenImageIO"},
    {"Radiance HDR", "rgbe", "oiiotool of OpenImageIO"},
    {"DICOM", "dcm dicom", "dcmj2pnm of DCMTK"},
    {"FITS", "fits", "oiiotool of OpenImageIO"},
    {"SVG", "svg svgz", "rsvg-convert of librsvg"},
    {"QOI", "qoi", "ImageMagick"},
    {"DDS", "dds", "ImageMagick"},
    {"DPX", "dpx", "oiiotool of OpenImageIO"},
    {"PCX", "pcx", "ImageMagick"},
    {"Sun raster", "ras", "ImageMagick"},
    {"BPG", "bpg", "bpgdec of libbpg"},
    {"FLIF", "flif", "flif"},
    {"DjVu", "djvu djv", "ddjvu of DjVuLibre"},
    {"JNG", "jng", "ImageMagick"},
    {"MNG", "mng", "ImageMagick"},
};

const UnreadFormat* Find(std::string_view name) {
  const auto* found = std::find_if(std::begin(kFormats), std::end(kFormats),
                                   [&](const UnreadFormat& f) { return f.name == name; });
  return found == std::end(kFormats) ? nullptr : found;
}

bool HasWord(std::string_view words, std::string_view wanted) {
  while (!words.empty()) {
    const size_t end = std::min(words.find(' '), words.size());
    if (words.substr(0, end) == wanted) return true;
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return false;
}

}  // namespace

bool IsUnreadPicture(std::string_view name) {
  return Find(name) != nullptr || name.starts_with("camera raw");
}

std::string_view UnreadPictureOfName(std::string_view path) {
  const size_t dot = path.rfind('.');
  if (dot == std::string_view::npos) return "";
  std::string extension(path.substr(dot + 1));
  for (char& c : extension) c = char(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  if (extension.empty()) return "";
  for (const UnreadFormat& format : kFormats) {
    if (HasWord(format.extensions, extension)) return format.name;
  }
  return "";
}

tl::unexpected<Error> RefuseUnread(std::string_view name) {
  const UnreadFormat* format = Find(name);
  return Fail(
      ErrorCode::kUnsupported,
      fmt::format("{} is not read; convert it to PNG, JPEG, WebP, BMP, TIFF or PNM{}", name,
                  format == nullptr ? std::string()
                                    : fmt::format(", for instance with {}", format->converter)));
}

}  // namespace imnorm
