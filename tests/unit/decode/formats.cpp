// Writes small files by hand, byte by byte, in every format that has headers of its own.
#include "unit/decode/formats.h"

#include <webp/encode.h>
#include <zlib.h>

#include "unit/decode/module_files.h"

namespace imnorm::testing {
namespace {

void Put(Bytes& out, uint64_t number, int bytes, bool big_endian = false) {
  for (int i = 0; i < bytes; ++i) {
    out.push_back(uint8_t(number >> 8 * (big_endian ? bytes - 1 - i : i)));
  }
}

void Put(Bytes& out, const std::string& text) { out.insert(out.end(), text.begin(), text.end()); }

void Put(Bytes& out, const Bytes& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

// A TIFF whose one strip stands right behind its header; further directories repeat the first.
struct TiffKind {
  int samples = 1;
  int bits = 8;
  int photometric = 1;
  int format = 1;
  int extra = -1;
  int orientation = 1;
  int pages = 1;
};

Bytes MakeTiff(const TiffKind& kind) {
  const int bytes = kFormatHeight * ((kFormatWidth * kind.samples * kind.bits + 7) / 8);
  const int palette = kind.photometric == 3 ? 3 << kind.bits : 0;
  Bytes out = BytesOf(std::string("II*\0", 4));
  Put(out, uint64_t(8 + bytes + 2 * palette), 4);
  for (int i = 0; i < bytes; ++i) out.push_back(uint8_t(i * 7));
  for (int i = 0; i < palette; ++i) Put(out, uint64_t(i * 251), 2);
  for (int page = 0; page < kind.pages; ++page) {
    struct Entry {
      int tag, type, count;
      uint64_t value;
    };
    std::vector<Entry> entries = {{256, 3, 1, kFormatWidth},
                                  {257, 3, 1, kFormatHeight},
                                  {258, 3, 1, uint64_t(kind.bits)},
                                  {259, 3, 1, 1},
                                  {262, 3, 1, uint64_t(kind.photometric)},
                                  {273, 4, 1, 8},
                                  {274, 3, 1, uint64_t(kind.orientation)},
                                  {277, 3, 1, uint64_t(kind.samples)},
                                  {279, 4, 1, uint64_t(bytes)}};
    if (palette > 0) entries.push_back({320, 3, palette, uint64_t(8 + bytes)});
    if (kind.extra >= 0) entries.push_back({338, 3, 1, uint64_t(kind.extra)});
    entries.push_back({339, 3, 1, uint64_t(kind.format)});
    Put(out, entries.size(), 2);
    for (const Entry& entry : entries) {
      Put(out, uint64_t(entry.tag), 2);
      Put(out, uint64_t(entry.type), 2);
      Put(out, uint64_t(entry.count), 4);
      Put(out, entry.value, 4);
    }
    Put(out, page + 1 < kind.pages ? out.size() + 4 : 0, 4);
  }
  return out;
}

void PutChunk(Bytes& out, const std::string& type, const Bytes& data) {
  Bytes checked = BytesOf(type);
  Put(checked, data);
  Put(out, data.size(), 4, true);
  Put(out, checked);
  Put(out, crc32(0, checked.data(), uInt(checked.size())), 4, true);
}

struct PngKind {
  int color_type = 2;
  int bits = 8;
  bool interlaced = false;
  int orientation = 1;
  uint64_t frames = 1;
  Bytes transparency = {};
};

// Without filters; an interlaced file holds the bytes of its seven passes.
Bytes PngRows(const PngKind& kind) {
  const int samples[] = {1, 0, 3, 1, 2, 0, 4};
  const int bits = kind.bits * samples[kind.color_type];
  struct Pass {
    int x, y, dx, dy;
  };
  const std::vector<Pass> adam = {{0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4},
                                  {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}};
  const std::vector<Pass> passes = kind.interlaced ? adam : std::vector<Pass>{{0, 0, 1, 1}};
  Bytes rows;
  for (const Pass& pass : passes) {
    const int width = (kFormatWidth - pass.x + pass.dx - 1) / pass.dx;
    for (int y = pass.y; y < kFormatHeight && width > 0; y += pass.dy) {
      rows.push_back(0);
      for (int i = 0; i < (width * bits + 7) / 8; ++i) rows.push_back(uint8_t(17 * i));
    }
  }
  return rows;
}

Bytes MakePng(const PngKind& kind) {
  Bytes out = BytesOf("\x89PNG\r\n\x1a\n");
  Bytes header;
  Put(header, kFormatWidth, 4, true);
  Put(header, kFormatHeight, 4, true);
  Put(header, Bytes{uint8_t(kind.bits), uint8_t(kind.color_type), 0, 0, kind.interlaced});
  PutChunk(out, "IHDR", header);
  if (kind.frames > 1) {
    Bytes control;
    Put(control, kind.frames, 4, true);
    Put(control, 0, 4, true);
    PutChunk(out, "acTL", control);
  }
  if (kind.color_type == 3) PutChunk(out, "PLTE", Bytes(size_t(3) << kind.bits, 99));
  if (!kind.transparency.empty()) PutChunk(out, "tRNS", kind.transparency);
  const Bytes rows = PngRows(kind);
  Bytes packed(compressBound(uLong(rows.size())));
  uLongf size = uLongf(packed.size());
  compress(packed.data(), &size, rows.data(), uLong(rows.size()));
  packed.resize(size);
  PutChunk(out, "IDAT", packed);
  if (kind.orientation != 1) PutChunk(out, "eXIf", OrientationTiff(kind.orientation));
  PutChunk(out, "IEND", {});
  return out;
}

// One bitmap of 24 bits, and its mask.
Bytes MakeIco() {
  const int row = (kFormatWidth * 24 + 31) / 32 * 4, mask = (kFormatWidth + 31) / 32 * 4;
  const int bytes = 40 + kFormatHeight * (row + mask);
  Bytes out = {0, 0, 1, 0, 1, 0, kFormatWidth, kFormatHeight, 0, 0, 1, 0, 24, 0};
  Put(out, uint64_t(bytes), 4);
  Put(out, 22, 4);
  for (const int number : {40, kFormatWidth, 2 * kFormatHeight, 1 + (24 << 16), 0, 0, 0, 0, 0, 0}) {
    Put(out, uint64_t(number), 4);
  }
  for (int i = 0; i < bytes - 40; ++i) out.push_back(uint8_t(i * 5));
  return out;
}

// Palette entries are greys or not.
Bytes MakeBmp(int bits, bool gray, bool alpha) {
  const int palette = bits <= 8 ? 1 << bits : 0;
  const int row = (kFormatWidth * bits + 31) / 32 * 4;
  const int header = alpha ? 56 : 40;
  const int offset = 14 + header + 4 * palette;
  Bytes out = BytesOf("BM");
  Put(out, uint64_t(offset + row * kFormatHeight), 4);
  Put(out, 0, 4);
  Put(out, uint64_t(offset), 4);
  Put(out, uint64_t(header), 4);
  Put(out, kFormatWidth, 4);
  Put(out, kFormatHeight, 4);
  Put(out, 1, 2);
  Put(out, uint64_t(bits), 2);
  Put(out, alpha ? 3 : 0, 4);
  for (int i = 0; i < 5; ++i) Put(out, 0, 4);
  if (alpha) {
    for (uint32_t mask : {0xff0000u, 0xff00u, 0xffu, 0xff000000u}) Put(out, mask, 4);
  }
  for (int i = 0; i < palette; ++i) {
    const auto shade = uint8_t(255 - i);
    Put(out, Bytes{shade, gray ? shade : uint8_t(i), shade, 0});
  }
  for (int i = 0; i < row * kFormatHeight; ++i) out.push_back(uint8_t(i * 3));
  return out;
}

Bytes WebpOf(bool alpha, bool lossless) {
  Bytes pixels;
  for (int i = 0; i < kFormatWidth * kFormatHeight; ++i) {
    Put(pixels, Bytes{uint8_t(i), uint8_t(2 * i), 7, uint8_t(alpha ? i : 255)});
  }
  uint8_t* data = nullptr;
  const size_t size = lossless ? WebPEncodeLosslessRGBA(pixels.data(), kFormatWidth, kFormatHeight,
                                                        4 * kFormatWidth, &data)
                               : WebPEncodeRGBA(pixels.data(), kFormatWidth, kFormatHeight,
                                                4 * kFormatWidth, 90, &data);
  Bytes out(data, data + size);
  WebPFree(data);
  return out;
}

// The extended format around a picture: an orientation, or the frames of an animation.
Bytes ExtendedWebp(int orientation, int frames) {
  const Bytes simple = WebpOf(false, false);
  const Bytes picture(simple.begin() + 12, simple.end());
  Bytes chunks;
  Put(chunks, "VP8X");
  Put(chunks, 10, 4);
  Put(chunks, frames > 1 ? 0x02 : 0x08, 4);
  Put(chunks, kFormatWidth - 1, 3);
  Put(chunks, kFormatHeight - 1, 3);
  if (frames > 1) {
    Put(chunks, "ANIM");
    Put(chunks, 6, 4);
    Put(chunks, 0, 6);
    for (int i = 0; i < frames; ++i) {
      Put(chunks, "ANMF");
      Put(chunks, 16 + picture.size(), 4);
      Put(chunks, 0, 6);
      Put(chunks, kFormatWidth - 1, 3);
      Put(chunks, kFormatHeight - 1, 3);
      Put(chunks, 40, 4);
      Put(chunks, picture);
    }
  } else {
    Put(chunks, picture);
    const Bytes exif = OrientationTiff(orientation);
    Put(chunks, "EXIF");
    Put(chunks, exif.size(), 4);
    Put(chunks, exif);
  }
  Bytes out = BytesOf("RIFF");
  Put(out, chunks.size() + 4, 4);
  Put(out, "WEBP");
  Put(out, chunks);
  return out;
}

Bytes MakeNetpbm(const std::string& header, size_t bytes) {
  Bytes out = BytesOf(header);
  for (size_t i = 0; i < bytes; ++i) out.push_back(uint8_t(i % 0x40));
  return out;
}

// A JPEG with a segment behind its first marker.
Bytes WithSegment(const Bytes& jpeg, int marker, const Bytes& body) {
  Bytes out(jpeg.begin(), jpeg.begin() + 2);
  Put(out, Bytes{0xff, uint8_t(marker)});
  Put(out, body.size() + 2, 2, true);
  Put(out, body);
  out.insert(out.end(), jpeg.begin() + 2, jpeg.end());
  return out;
}

Bytes MpfOf(uint32_t pictures) {
  Bytes body = BytesOf(std::string("MPF\0II*\0\x08\0\0\0\x01\0\x01\xb0\x04\0\x01\0\0\0", 22));
  Put(body, pictures, 4);
  Put(body, 0, 4);
  return body;
}

void AddJpegs(std::vector<FormatFile>& files) {
  const Bytes plain = MakeJpeg(kFormatWidth, kFormatHeight);
  files.push_back({"baseline JPEG", "jpeg", plain});
  files.push_back({.told = "progressive JPEG",
                   .format = "jpeg",
                   .bytes = MakeJpeg(kFormatWidth, kFormatHeight, true),
                   .progressive = true});
  Bytes exif = BytesOf(std::string("Exif\0\0", 6));
  Put(exif, OrientationTiff(6));
  files.push_back({.told = "turned JPEG",
                   .format = "jpeg",
                   .bytes = WithSegment(plain, 0xe1, exif),
                   .orientation = 6});
  files.push_back({.told = "JPEG of three pictures",
                   .format = "jpeg",
                   .bytes = WithSegment(plain, 0xe2, MpfOf(3)),
                   .frames = 3});
}

void AddPngs(std::vector<FormatFile>& files) {
  for (int color_type : {0, 2, 3, 4, 6}) {
    for (bool interlaced : {false, true}) {
      files.push_back({.told = "PNG of colour type " + std::to_string(color_type),
                       .format = "png",
                       .bytes = MakePng({.color_type = color_type, .interlaced = interlaced}),
                       .has_alpha = color_type >= 4,
                       .progressive = interlaced});
    }
  }
  files.push_back({.told = "16-bit PNG",
                   .format = "png",
                   .bytes = MakePng({.color_type = 0, .bits = 16}),
                   .bits = 16});
  files.push_back({.told = "PNG of a transparent index of 4 bits",
                   .format = "png",
                   .bytes = MakePng({.color_type = 3, .bits = 4, .transparency = {7}}),
                   .bits = 4,
                   .has_alpha = true});
  files.push_back({.told = "turned PNG",
                   .format = "png",
                   .bytes = MakePng({.orientation = 5}),
                   .orientation = 5});
  files.push_back({.told = "animated PNG",
                   .format = "png",
                   .bytes = MakePng({.frames = 4}),
                   .frames = 5});  // the default image is none of them
}

void AddWebps(std::vector<FormatFile>& files) {
  files.push_back({"WebP", "webp", WebpOf(false, false)});
  files.push_back({"lossless WebP", "webp", WebpOf(false, true)});
  files.push_back({.told = "WebP with alpha",
                   .format = "webp",
                   .bytes = WebpOf(true, false),
                   .has_alpha = true});
  files.push_back(
      {.told = "turned WebP", .format = "webp", .bytes = ExtendedWebp(8, 1), .orientation = 8});
  files.push_back(
      {.told = "animated WebP", .format = "webp", .bytes = ExtendedWebp(1, 3), .frames = 3});
}

void AddBmps(std::vector<FormatFile>& files) {
  for (int bits : {1, 4, 8, 16, 24, 32}) {
    const int told = bits <= 8 ? bits : bits == 16 ? 5 : 8;
    files.push_back({.told = "BMP of bits " + std::to_string(bits),
                     .format = "bmp",
                     .bytes = MakeBmp(bits, false, false),
                     .bits = told});
  }
  files.push_back({"BMP of greys", "bmp", MakeBmp(8, true, false)});
  files.push_back({.told = "BMP with alpha",
                   .format = "bmp",
                   .bytes = MakeBmp(32, false, true),
                   .has_alpha = true});
  files.push_back({.told = "ICO", .format = "ico", .bytes = MakeIco(), .has_alpha = true});
}

void AddTiffs(std::vector<FormatFile>& files) {
  const auto add = [&](const char* told, const TiffKind& kind, bool alpha) {
    files.push_back({.told = told,
                     .format = "tiff",
                     .bytes = MakeTiff(kind),
                     .bits = kind.bits,
                     .has_alpha = alpha,
                     .orientation = kind.orientation,
                     .turned = true,
                     .frames = uint64_t(kind.pages),
#ifdef IMNORM_HAS_TIFF
                     .decodes = true});
#else
                     .decodes = false});
#endif
  };
  add("grey TIFF", {}, false);
  add("bilevel TIFF", {.bits = 1}, false);
  add("16-bit TIFF", {.bits = 16}, false);
  add("RGB TIFF", {.samples = 3, .photometric = 2}, false);
  add("RGBA TIFF", {.samples = 4, .photometric = 2, .extra = 2}, true);
  add("palette TIFF", {.photometric = 3}, false);
  add("CMYK TIFF", {.samples = 4, .photometric = 5}, false);
  add("TIFF of five bands", {.samples = 5}, false);
  add("float TIFF", {.bits = 32, .format = 3}, false);
  add("turned TIFF", {.orientation = 6}, false);
  add("TIFF of three pages", {.pages = 3}, false);
}

struct GifKind {
  bool palette = true;
  bool interlaced = false;
  bool transparent = false;
  int frames = 1;
};

// Codes of three bits: each index is followed by the code that clears, so that no string is made.
Bytes MakeGif(const GifKind& kind) {
  Bytes out = BytesOf("GIF89a");
  Put(out, kFormatWidth, 2);
  Put(out, kFormatHeight, 2);
  Put(out, Bytes{uint8_t(kind.palette ? 0x81 : 0x01), 0, 0});
  if (kind.palette) Put(out, Bytes{250, 1, 2, 3, 250, 5, 6, 7, 250, 9, 10, 11});
  for (int frame = 0; frame < kind.frames; ++frame) {
    if (kind.transparent) Put(out, Bytes{'!', 0xf9, 4, 1, 0, 0, 2, 0});
    out.push_back(',');
    Put(out, 0, 4);
    Put(out, kFormatWidth, 2);
    Put(out, kFormatHeight, 2);
    Put(out, Bytes{uint8_t(kind.interlaced ? 0x40 : 0), 2});
    Bytes packed;
    uint32_t bits = 0;
    int count = 0;
    const auto put_code = [&](uint32_t code) {
      bits |= code << count;
      for (count += 3; count >= 8; count -= 8, bits >>= 8) packed.push_back(uint8_t(bits));
    };
    for (int i = 0; i < kFormatWidth * kFormatHeight; ++i) {
      put_code(4);
      put_code(uint32_t(i * i) & 3);
    }
    put_code(5);
    packed.push_back(uint8_t(bits));
    out.push_back(uint8_t(packed.size()));
    Put(out, packed);
    out.push_back(0);
  }
  out.push_back(';');
  return out;
}

void AddGifs(std::vector<FormatFile>& files) {
  const auto add = [&](const char* told, const GifKind& kind) {
    files.push_back({.told = told,
                     .format = "gif",
                     .bytes = MakeGif(kind),
                     .bits = 2,
                     .has_alpha = kind.transparent,
                     .progressive = kind.interlaced,
                     .frames = uint64_t(kind.frames)});
  };
  add("GIF", {});
  add("GIF without a palette", {.palette = false});
  add("interlaced GIF with a transparent index", {.interlaced = true, .transparent = true});
  add("animated GIF", {.frames = 3});
}

void AddPnms(std::vector<FormatFile>& files) {
  const size_t pixels = kFormatWidth * kFormatHeight;
  const auto add = [&](const std::string& header, size_t bytes, int bits, bool alpha = false) {
    files.push_back({.told = header.substr(0, 2) + " of bits " + std::to_string(bits),
                     .format = "pnm",
                     .bytes = MakeNetpbm(header, bytes),
                     .bits = bits,
                     .has_alpha = alpha});
  };
  add("P4\n11 6\n", 2 * kFormatHeight, 1);
  add("P5\n11 6\n255\n", pixels, 8);
  add("P5\n11 6\n65535\n", 2 * pixels, 16);
  add("P6\n11 6\n63\n", 3 * pixels, 6);
  add("P7\nWIDTH 11\nHEIGHT 6\nDEPTH 4\nMAXVAL 255\nENDHDR\n", 4 * pixels, 8, true);
  add("P7\nWIDTH 11\nHEIGHT 6\nDEPTH 2\nMAXVAL 255\nENDHDR\n", 2 * pixels, 8, true);
  add("PF\n11 6\n-1\n", 12 * pixels, 32);
}

}  // namespace

std::vector<FormatFile> FormatFiles() {
  std::vector<FormatFile> files;
  AddJpegs(files);
  AddPngs(files);
  AddWebps(files);
  AddBmps(files);
  AddTiffs(files);
  AddGifs(files);
  AddPnms(files);
  AddModuleFiles(files);
  return files;
}

}  // namespace imnorm::testing
