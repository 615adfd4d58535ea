// One table of formats that are not read: extensions, first bytes, and what converts them.
#include "decode/unread.h"

#include <fmt/format.h>

#include <algorithm>

#include "decode/iso_picture.h"
#include "decode/wrapped.h"
#include "imnorm/probe.h"
#include "io/path_ending.h"

namespace imnorm {
namespace {

using std::string_view_literals::operator""sv;

struct UnreadFormat {
  std::string_view name;
  std::string_view extensions;  // lower case, separated by spaces
  std::string_view converter;
  std::string_view magics[2] = {};  // what a file of it may begin with
};

constexpr UnreadFormat kFormats[] = {
    {"JPEG XR", "jxr wdp hdp", "JxrDecApp of jxrlib", {"II\xbc"}},
    {"JPEG-LS", "jls", "ffmpeg"},
    {"Photoshop PSD", "psd psb", "ImageMagick", {"8BPS"}},
    {"GIMP XCF", "xcf", "GIMP", {"gimp xcf"}},
    {"CUR", "cur", "ImageMagick"},
    {"ICNS", "icns", "icns2png of libicns", {"icns"}},
    {"OpenEXR", "exr", "oiiotool of OpenImageIO", {"\x76\x2f\x31\x01"}},
    {"Radiance HDR", "rgbe", "oiiotool of OpenImageIO", {"#?RADIANCE", "#?RGBE"}},
    {"DICOM", "dcm dicom", "dcmj2pnm of DCMTK"},
    {"NIfTI", "nii", "nibabel (numpy.save makes a tensor of its array)"},
    {"FITS", "fits", "oiiotool of OpenImageIO", {"SIMPLE  ="}},
    {"SVG", "svg svgz", "rsvg-convert of librsvg", {"<svg"}},
    {"DDS", "dds", "ImageMagick", {"DDS "}},
    {"DPX", "dpx", "oiiotool of OpenImageIO", {"SDPX", "XPDS"}},
    {"PCX", "pcx", "ImageMagick", {"\x0a\x05\x01\x08", "\x0a\x05\x01\x01"}},
    {"SGI", "sgi rgba bw", "ImageMagick", {"\x01\xda\0\x01"sv, "\x01\xda\x01\x01"}},
    {"XPM", "xpm", "ImageMagick", {"/* XPM */"}},
    {"XBM", "xbm", "ImageMagick"},
    {"WMF", "wmf", "ImageMagick", {"\xd7\xcd\xc6\x9a"}},
    {"EMF", "emf", "ImageMagick"},
    {"IFF ILBM", "lbm ilbm", "ImageMagick"},
    {"KTX", "ktx ktx2", "toktx of KTX-Software", {"\xabKTX 1", "\xabKTX 2"}},
    {"VTF", "vtf", "VTFLib", {"VTF\0"sv}},
    {"JBIG2", "jb2 jbig2", "jbig2dec", {"\x97JB2\r\n\x1a\n"}},
    {"JPEG 2000 (PGX)", "pgx", "opj_decompress of OpenJPEG"},
    {"Microsoft Paint MSP", "msp", "ImageMagick", {"DanM", "LinS"}},
    {"Palm pixmap", "palm", "ImageMagick"},
    {"Blizzard BLP", "blp", "Pillow", {"BLP1", "BLP2"}},
    {"Kodak Photo CD", "pcd", "ImageMagick"},
    {"WBMP", "wbmp", "ImageMagick"},
    {"PICT", "pict pct", "ImageMagick"},
    {"Cineon", "cin", "oiiotool of OpenImageIO", {"\x80\x2a\x5f\xd7"}},
    {"Sun raster", "ras", "ImageMagick", {"\x59\xa6\x6a\x95"}},
    {"BPG", "bpg", "bpgdec of libbpg", {"BPG\xfb"}},
    {"FLIF", "flif", "flif", {"FLIF"}},
    {"DjVu", "djvu djv", "ddjvu of DjVuLibre", {"AT&TFORM"}},
    {"JNG", "jng", "ImageMagick", {"\x8bJNG\r\n\x1a\n"}},
    {"MNG", "mng", "ImageMagick", {"\x8aMNG\r\n\x1a\n"}},
};

std::string_view AsText(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Magic {
  std::string_view prefix;
  const char* name;
};

// What else people do have in picture folders.
constexpr Magic kOthers[] = {
    {"IIU\0"sv, "camera raw (RW2)"},
    {"IIRO", "camera raw (ORF)"},
    {"IIRS", "camera raw (ORF)"},
    {"MMOR", "camera raw (ORF)"},
    {"FUJIFILMCCD-RAW", "camera raw (RAF)"},
    {"FOVb", "camera raw (X3F)"},
    {"\0MRM"sv, "camera raw (MRW)"},
    {"%PDF-", "PDF"},
    {"%!PS", "PostScript"},
    {"\x93NUMPY", "NumPy array"},
    {"PK\x03\x04", "ZIP archive"},
    {"\x1f\x8b", "gzip archive"},
};

// ISO base media files that are no picture that is read.
std::string NameOfIsoBrand(std::span<const uint8_t> bytes) {
  const std::string_view brand = IsoBrand(bytes);
  if (brand.empty()) return "";
  return brand == "crx " ? "camera raw (CR3)" : "ISO media (video)";
}

bool LooksLikeText(std::span<const uint8_t> bytes) {
  const auto head = bytes.first(std::min<size_t>(bytes.size(), 256));
  return std::all_of(head.begin(), head.end(), [](uint8_t c) {
    return c == '\n' || c == '\r' || c == '\t' || (c >= 0x20 && c != 0x7f);
  });
}

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

std::string NameOfUnread(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return "";
  const std::string_view text = AsText(bytes);
  for (const UnreadFormat& format : kFormats) {
    for (std::string_view magic : format.magics) {
      if (!magic.empty() && text.starts_with(magic)) return std::string(format.name);
    }
  }
  for (const Magic& magic : kOthers) {
    if (text.starts_with(magic.prefix)) return magic.name;
  }
  constexpr size_t kDicomMagic = 128;
  if (text.size() > kDicomMagic && text.substr(kDicomMagic).starts_with("DICM")) return "DICOM";
  constexpr size_t kNiftiMagic = 344;
  if (text.size() > kNiftiMagic && (text.substr(kNiftiMagic).starts_with("n+1\0"sv) ||
                                    text.substr(kNiftiMagic).starts_with("ni1\0"sv))) {
    return "NIfTI";
  }
  constexpr size_t kTarMagic = 257;
  if (text.size() > kTarMagic && text.substr(kTarMagic).starts_with("ustar")) return "tar archive";
  if (std::string brand = NameOfIsoBrand(bytes); !brand.empty()) return brand;
  if (text.starts_with("<?xml")) return text.find("<svg") < text.size() ? "SVG" : "XML";
  if (LooksLikeText(bytes)) return "text";
  return "";
}

bool IsUnreadPicture(std::string_view name) {
  return Find(name) != nullptr || name.starts_with("camera raw");
}

std::string_view UnreadPictureOfName(std::string_view path) {
  const std::string extension = LowerExtension(path);
  if (extension.empty()) return "";
  for (const UnreadFormat& format : kFormats) {
    if (HasWord(format.extensions, extension)) return format.name;
  }
  const std::string_view inside = NameInside(path);
  return !inside.empty() && HasPictureExtension(inside) ? "a compressed picture" : "";
}

tl::unexpected<Error> RefuseUnread(std::string_view name) {
  const UnreadFormat* format = Find(name);
  return Fail(
      ErrorCode::kUnsupported,
      fmt::format("{} is not read; convert it to PNG, JPEG, WebP, BMP, TIFF or PNM{}", name,
                  format == nullptr ? std::string()
                                    : fmt::format(", for instance with {}", format->converter)));
}

tl::unexpected<Error> RefuseUnknown(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return Fail(ErrorCode::kCorrupt, "not an image: the file is empty");
  if (const std::string what = WhatIsWrapped(bytes); !what.empty()) {
    return Fail(ErrorCode::kUnsupported, "not an image: " + what);
  }
  const std::string name = NameOfUnread(bytes);
  if (name == "text") return Fail(ErrorCode::kUnsupported, "not an image: the file is text");
  if (name.ends_with("archive")) {
    return Fail(ErrorCode::kUnsupported, name + " is not read; unpack it and name the folder");
  }
  if (name == "NumPy array") {
    return Fail(ErrorCode::kUnsupported, name + ": a tensor is taken for one if it ends in .npy");
  }
  if (!name.empty()) return RefuseUnread(name);
  return Fail(ErrorCode::kUnsupported, "not an image: no known format begins with these bytes");
}

}  // namespace imnorm
