#include "decode/sniff.h"

#include <algorithm>
#include <cstring>
#include <string_view>

#include "imnorm/decode.h"

namespace imnorm {
namespace {

std::string_view AsText(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

struct Magic {
  std::string_view prefix;
  const char* name;
};

// Formats that people do have in picture folders and that we name when we refuse them.
constexpr Magic kUnread[] = {
    {"GIF87a", "GIF"},
    {"GIF89a", "GIF"},
    {std::string_view("\0\0\0\x0cjP  ", 8), "JPEG 2000"},
    {"\xff\x4f\xff\x51", "JPEG 2000"},
    {std::string_view("\0\0\0\x0cJXL ", 8), "JPEG XL"},
    {"\xff\x0a", "JPEG XL"},
    {"8BPS", "Photoshop PSD"},
    {"qoif", "QOI"},
    {"DDS ", "DDS"},
    {"\x76\x2f\x31\x01", "OpenEXR"},
    {"#?RADIANCE", "Radiance HDR"},
    {"#?RGBE", "Radiance HDR"},
    {"\x59\xa6\x6a\x95", "Sun raster"},
    {std::string_view("IIU\0", 4), "camera raw (RW2)"},
    {"IIRO", "camera raw (ORF)"},
    {"IIRS", "camera raw (ORF)"},
    {"MMOR", "camera raw (ORF)"},
    {"FUJIFILMCCD-RAW", "camera raw (RAF)"},
    {"FOVb", "camera raw (X3F)"},
    {std::string_view("\0MRM", 4), "camera raw (MRW)"},
    {"SIMPLE  =", "FITS"},
    {"SDPX", "DPX"},
    {"XPDS", "DPX"},
    {"icns", "ICNS"},
    {"BPG\xfb", "BPG"},
    {"FLIF", "FLIF"},
    {"gimp xcf", "GIMP XCF"},
    {"II\xbc", "JPEG XR"},
    {"AT&TFORM", "DjVu"},
    {"%PDF-", "PDF"},
    {"%!PS", "PostScript"},
    {"\x8bJNG\r\n\x1a\n", "JNG"},
    {"\x8aMNG\r\n\x1a\n", "MNG"},
    {"<svg", "SVG"},
    {"\x93NUMPY", "NumPy array"},
    {"PK\x03\x04", "ZIP archive"},
    {"\x1f\x8b", "gzip archive"},
};

// ISO base media files say in their brand what they are.
std::string NameOfIsoBrand(std::string_view text) {
  if (text.size() < 12 || text.substr(4, 4) != "ftyp") return "";
  const std::string_view brand = text.substr(8, 4);
  if (brand == "crx ") return "camera raw (CR3)";
  if (brand == "avif" || brand == "avis") return "AVIF";
  // A general brand leaves it to those that follow: a list as long as the box says.
  if (brand == "mif1" || brand == "msf1" || brand == "miaf") {
    const size_t box = std::min<size_t>(text.size(), uint8_t(text[2]) * 256u + uint8_t(text[3]));
    for (size_t at = 16; at + 4 <= box; at += 4) {
      if (text.substr(at, 4) == "avif" || text.substr(at, 4) == "avis") return "AVIF";
    }
  }
  for (std::string_view heic : {"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1", "msf1"}) {
    if (brand == heic) return "HEIC";
  }
  return "ISO media (video)";
}

// A count of pictures, and a first entry with its zero: four bytes alone begin many a file.
bool IsIcon(std::string_view text) {
  return text.size() >= 10 && text.starts_with(std::string_view("\0\0\1\0", 4)) &&
         (text[4] != 0 || text[5] != 0) && text[9] == 0;
}

bool LooksLikeText(std::span<const uint8_t> bytes) {
  const auto head = bytes.first(std::min<size_t>(bytes.size(), 256));
  return std::all_of(head.begin(), head.end(), [](uint8_t c) {
    return c == '\n' || c == '\r' || c == '\t' || (c >= 0x20 && c != 0x7f);
  });
}

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

}  // namespace

Format SniffFormat(std::span<const uint8_t> bytes) {
  const std::string_view text = AsText(bytes.first(std::min<size_t>(bytes.size(), 16)));
  if (text.starts_with("\xff\xd8\xff")) return Format::kJpeg;
  if (text.starts_with("\x89PNG\r\n\x1a\n")) return Format::kPng;
  if (text.size() >= 12 && text.starts_with("RIFF") && text.substr(8, 4) == "WEBP") {
    return Format::kWebp;
  }
  // Classic and big TIFF.
  if (text.starts_with(std::string_view("II*\0", 4)) ||
      text.starts_with(std::string_view("MM\0*", 4)) ||
      text.starts_with(std::string_view("II+\0", 4)) ||
      text.starts_with(std::string_view("MM\0+", 4))) {
    return Format::kTiff;
  }
  // "BM" alone begins many a text: the size of the header that follows must be a known one.
  if (text.size() >= 16 && text.starts_with("BM") && text[15] == 0) {
    for (int size : {12, 16, 40, 52, 56, 64, 108, 124}) {
      if (uint8_t(text[14]) == size) return Format::kBmp;
    }
  }
  if (text.size() >= 3 && text[0] == 'P') {
    const bool samples = text[1] >= '1' && text[1] <= '6';
    if (samples && (IsSpace(text[2]) || text[2] == '#')) return Format::kPnm;
    // P7\n begins a PAM; P7 332 is the old format of xv's thumbnails.
    const bool other = text[1] == '7' || text[1] == 'F' || text[1] == 'f';
    if (other && text[2] == '\n') return Format::kPnm;
  }
  return Format::kUnknown;
}

const char* FormatName(Format format) {
  switch (format) {
    case Format::kUnknown:
      return "unknown";
    case Format::kJpeg:
      return "jpeg";
    case Format::kPng:
      return "png";
    case Format::kWebp:
      return "webp";
    case Format::kBmp:
      return "bmp";
    case Format::kTiff:
      return "tiff";
    case Format::kPnm:
      return "pnm";
  }
  return "unknown";
}

std::string NameOfUnread(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return "";
  const std::string_view text = AsText(bytes);
  for (const Magic& magic : kUnread) {
    if (text.starts_with(magic.prefix)) return magic.name;
  }
  if (IsIcon(text)) return "ICO";
  constexpr size_t kDicomMagic = 128;
  if (text.size() > kDicomMagic && text.substr(kDicomMagic).starts_with("DICM")) return "DICOM";
  constexpr size_t kTarMagic = 257;
  if (text.size() > kTarMagic && text.substr(kTarMagic).starts_with("ustar")) return "tar archive";
  if (std::string brand = NameOfIsoBrand(text); !brand.empty()) return brand;
  if (text.starts_with("<?xml")) return text.find("<svg") < text.size() ? "SVG" : "XML";
  if (LooksLikeText(bytes)) return "text";
  return "";
}

}  // namespace imnorm
