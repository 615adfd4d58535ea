// The module imnorm_tiff.so: rows of samples out of a TIFF in memory, loaded on first need.
#include <tiffio.h>

#include <algorithm>
#include <bit>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <vector>

#include "decode/modules/tiff_api.h"
#include "decode/modules/tiff_deflate.h"

namespace {

// What any one buffer may take, libtiff's own included; a strip is rarely above a megabyte.
constexpr tmsize_t kMaxAllocation = tmsize_t(1) << 30;

// A TIFF in memory, and the first thing that went wrong with it.
struct File {
  const uint8_t* bytes = nullptr;
  toff_t size = 0;
  toff_t at = 0;
  TIFF* tiff = nullptr;
  ImnormTiffInfo info = {};
  bool failed = false;
  char reason[kImnormTiffErrorBytes] = {};

  ~File() {
    if (tiff != nullptr) TIFFClose(tiff);
  }
};

void KeepReason(File& file, const char* format, va_list arguments) {
  if (file.failed) return;
  file.failed = true;
  std::vsnprintf(file.reason, sizeof(file.reason), format, arguments);
}

int OnError(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  KeepReason(*static_cast<File*>(user), format, arguments);
  return 1;
}

// Unknown tags and the like are nobody's damage, but what libjpeg warns of is.
int OnWarning(TIFF*, void* user, const char* module, const char* format, va_list arguments) {
  if (module != nullptr && std::strcmp(module, "JPEGLib") == 0) {
    KeepReason(*static_cast<File*>(user), format, arguments);
  }
  return 1;
}

tmsize_t Read(thandle_t handle, void* out, tmsize_t count) {
  auto& file = *static_cast<File*>(handle);
  if (count <= 0 || file.at >= file.size) return 0;
  const toff_t n = std::min<toff_t>(toff_t(count), file.size - file.at);
  std::memcpy(out, file.bytes + file.at, size_t(n));
  file.at += n;
  return tmsize_t(n);
}

tmsize_t Write(thandle_t, void*, tmsize_t) { return 0; }

toff_t Seek(thandle_t handle, toff_t offset, int whence) {
  auto& file = *static_cast<File*>(handle);
  if (whence == SEEK_CUR) offset += file.at;
  if (whence == SEEK_END) offset += file.size;
  file.at = offset;
  return offset;
}

int Close(thandle_t) { return 0; }
toff_t Size(thandle_t handle) { return static_cast<File*>(handle)->size; }

int Map(thandle_t handle, void** base, toff_t* size) {
  auto& file = *static_cast<File*>(handle);
  *base = const_cast<uint8_t*>(file.bytes);
  *size = file.size;
  return 1;
}

void Unmap(thandle_t, void*, toff_t) {}

int Refuse(char* error, const char* reason) {
  std::snprintf(error, kImnormTiffErrorBytes, "%s", reason);
  return 1;
}

int RefuseWith(char* error, const File& file, const char* fallback) {
  return Refuse(error, file.reason[0] != 0 ? file.reason : fallback);
}

TIFF* OpenTiff(File& file) {
  std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                       TIFFOpenOptionsFree);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMaxAllocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), OnError, &file);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), OnWarning, &file);
  return TIFFClientOpenExt("", "r", &file, Read, Write, Seek, Close, Size, Map, Unmap,
                           options.get());
}

template <typename T>
T Field(TIFF* tiff, uint32_t tag, T otherwise) {
  T value = otherwise;
  return TIFFGetFieldDefaulted(tiff, tag, &value) ? value : otherwise;
}

void ReadInfo(File& file) {
  TIFF* tiff = file.tiff;
  ImnormTiffInfo& info = file.info;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &info.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &info.height);
  info.samples = Field<uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  info.bits = Field<uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  info.format = Field<uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  if (info.format == SAMPLEFORMAT_VOID) info.format = SAMPLEFORMAT_UINT;
  // The tag is required, and still forgotten: Pillow takes 0 then.
  info.photometric = 0;
  uint16_t photometric = 0;
  if (TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &photometric)) info.photometric = photometric;
  uint16_t extra_count = 0;
  uint16_t* extras = nullptr;
  info.first_extra = -1;
  if (TIFFGetField(tiff, TIFFTAG_EXTRASAMPLES, &extra_count, &extras) && extra_count > 0) {
    info.extra_samples = extra_count;
    info.first_extra = extras[0];
  }
  if (info.photometric == PHOTOMETRIC_PALETTE) {
    uint16_t* map[3] = {};
    if (TIFFGetField(tiff, TIFFTAG_COLORMAP, &map[0], &map[1], &map[2])) {
      std::copy_n(map, 3, info.map);
    }
  }
  const int compression = Field<uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  const int planar = Field<uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  const bool ycbcr = info.photometric == PHOTOMETRIC_YCBCR || compression == COMPRESSION_OJPEG;
  if (ycbcr && compression == COMPRESSION_JPEG && planar == PLANARCONFIG_CONTIG) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    info.photometric = PHOTOMETRIC_RGB;
  } else {
    info.as_rgba = ycbcr;
  }
  info.more_directories = TIFFLastDirectory(tiff) ? 0 : 1;
}

// How the samples lie in the file: bands of `rows` rows, each made of blocks side by side.
struct Geometry {
  bool tiled;
  bool separate;
  uint32_t block_width;
  uint32_t block_rows;
  tmsize_t block_bytes;
  tmsize_t block_row_bytes;
  bool deflate;
};

Geometry GeometryOf(File& file) {
  TIFF* tiff = file.tiff;
  Geometry g = {};
  g.tiled = TIFFIsTiled(tiff) != 0;
  g.separate =
      Field<uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE &&
      file.info.samples > 1;
  const int compression = Field<uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  g.deflate = compression == COMPRESSION_ADOBE_DEFLATE || compression == COMPRESSION_DEFLATE;
  if (g.tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &g.block_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &g.block_rows);
    g.block_bytes = TIFFTileSize(tiff);
    g.block_row_bytes = TIFFTileRowSize(tiff);
  } else {
    g.block_width = file.info.width;
    g.block_rows =
        std::min(Field<uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, file.info.height), file.info.height);
    g.block_bytes = TIFFStripSize(tiff);
    g.block_row_bytes = TIFFScanlineSize(tiff);
  }
  return g;
}

size_t SampleBytesOf(int bits) { return bits <= 8 ? 1 : size_t(bits) / 8; }

size_t RowBytes(const ImnormTiffInfo& info) {
  return size_t(info.width) * size_t(info.samples) * SampleBytesOf(info.bits);
}

// Spreads one block row's samples: `count` pixels of `samples` each, to every `step`th place.
void SpreadSamples(const uint8_t* in, int bits, size_t count, size_t samples, size_t step,
                   uint8_t* out) {
  const size_t bytes = SampleBytesOf(bits);
  if (bits < 8) {
    const int mask = (1 << bits) - 1;
    for (size_t i = 0; i < count * samples; ++i) {
      const size_t bit = i * size_t(bits);
      out[i / samples * step + i % samples] =
          uint8_t((in[bit / 8] >> (8 - bits - int(bit % 8))) & mask);
    }
    return;
  }
  if (samples == step) {
    std::memcpy(out, in, count * samples * bytes);
    return;
  }
  for (size_t i = 0; i < count; ++i) {
    std::memcpy(out + i * step * bytes, in + i * samples * bytes, samples * bytes);
  }
}

// Decodes one strip or tile; false where it is damaged or holds less than `rows` rows.
bool ReadBlock(File& file, const Geometry& g, uint32_t x, uint32_t y, uint16_t plane, uint32_t rows,
               uint8_t* block) {
  TIFF* tiff = file.tiff;
  const uint32_t index =
      g.tiled ? TIFFComputeTile(tiff, x, y, 0, plane) : TIFFComputeStrip(tiff, y, plane);
  const uint64_t at = TIFFGetStrileOffset(tiff, index);
  const uint64_t size = TIFFGetStrileByteCount(tiff, index);
  const bool inside = at <= file.size && size <= file.size - at;
  if (g.deflate && inside &&
      !IsSoundDeflate({file.bytes + at, size_t(size)}, size_t(g.block_bytes))) {
    return false;
  }
  const tmsize_t read = g.tiled ? TIFFReadEncodedTile(tiff, index, block, g.block_bytes)
                                : TIFFReadEncodedStrip(tiff, index, block, g.block_bytes);
  return read >= tmsize_t(rows) * g.block_row_bytes && !file.failed;
}

// Reads one band of blocks into interleaved rows.
bool ReadBand(File& file, const Geometry& g, uint32_t y, uint32_t rows, uint8_t* block,
              uint8_t* band) {
  const ImnormTiffInfo& info = file.info;
  const size_t bytes = SampleBytesOf(info.bits);
  const size_t block_samples = g.separate ? 1 : size_t(info.samples);
  const int planes = g.separate ? info.samples : 1;
  for (int plane = 0; plane < planes; ++plane) {
    for (uint32_t x = 0; x < info.width; x += g.block_width) {
      if (!ReadBlock(file, g, x, y, uint16_t(plane), rows, block)) return false;
      const size_t width = std::min(g.block_width, info.width - x);
      for (uint32_t row = 0; row < rows; ++row) {
        uint8_t* out = band + size_t(row) * RowBytes(info) +
                       (size_t(x) * size_t(info.samples) + size_t(plane)) * bytes;
        SpreadSamples(block + tmsize_t(row) * g.block_row_bytes, info.bits, width, block_samples,
                      size_t(info.samples), out);
      }
    }
  }
  return true;
}

int ReadSamples(File& file, ImnormTiffRows rows, void* user, char* error) {
  const ImnormTiffInfo& info = file.info;
  const Geometry g = GeometryOf(file);
  const tmsize_t row_bits = tmsize_t(g.block_width) * (g.separate ? 1 : info.samples) * info.bits;
  if (g.block_width == 0 || g.block_rows == 0 || g.block_bytes <= 0 ||
      g.block_row_bytes < (row_bits + 7) / 8) {
    return RefuseWith(error, file, "strips or tiles that hold no rows");
  }
  std::vector<uint8_t> block(static_cast<size_t>(g.block_bytes));
  std::vector<uint8_t> band(RowBytes(info) * std::min(g.block_rows, info.height));
  for (uint32_t y = 0; y < info.height;) {
    const uint32_t count = std::min(g.block_rows, info.height - y);
    if (!ReadBand(file, g, y, count, block.data(), band.data())) {
      return RefuseWith(error, file, "a strip or tile is cut off or damaged");
    }
    rows(user, band.data(), RowBytes(info), y, count);
    y += count;
  }
  return 0;
}

// libtiff's own conversion, for subsampled YCbCr that only it unpacks.
int ReadRgba(File& file, ImnormTiffRows rows, void* user, char* error) {
  const ImnormTiffInfo& info = file.info;
  TIFFRGBAImage image;
  char message[1024] = {};
  constexpr int kStopOnError = 1;
  if (!TIFFRGBAImageBegin(&image, file.tiff, kStopOnError, message)) {
    return Refuse(error, message);
  }
  // No turning here: orientation is the caller's.
  image.orientation = ORIENTATION_TOPLEFT;
  image.req_orientation = ORIENTATION_TOPLEFT;
  std::vector<uint32_t> raster(size_t(info.width) * info.height);
  const int read = TIFFRGBAImageGet(&image, raster.data(), info.width, info.height);
  TIFFRGBAImageEnd(&image);
  if (!read || file.failed) return RefuseWith(error, file, "a strip or tile is damaged");
  // The raster's words hold red in their lowest byte.
  if constexpr (std::endian::native == std::endian::big)
    TIFFSwabArrayOfLong(raster.data(), long(raster.size()));
  rows(user, reinterpret_cast<const uint8_t*>(raster.data()), size_t(info.width) * 4, 0,
       info.height);
  return 0;
}

// Whether strips or tiles fit in what may be allocated; the sizes are products of header fields.
bool FitsInMemory(File& file) {
  const Geometry g = GeometryOf(file);
  if (g.block_bytes <= 0 || g.block_bytes > kMaxAllocation) return false;
  const double band = double(RowBytes(file.info)) * std::min(g.block_rows, file.info.height);
  file.info.band_bytes = size_t(std::min(band, 1e18)) + size_t(g.block_bytes);
  return band <= double(kMaxAllocation);
}

template <typename Step>
int Guarded(char* error, Step&& step) {
  try {
    return step();
  } catch (const std::exception& e) {
    return Refuse(error, e.what());
  }
}

int Open(const uint8_t* bytes, size_t size, void** out, ImnormTiffInfo* info, char* error) {
  return Guarded(error, [&] {
    auto file = std::make_unique<File>();
    file->bytes = bytes;
    file->size = size;
    file->tiff = OpenTiff(*file);
    if (file->tiff == nullptr) return RefuseWith(error, *file, "no readable directory");
    ReadInfo(*file);
    // What went wrong with tags that are not needed is no damage to the pixels.
    file->failed = false;
    if (!FitsInMemory(*file)) return RefuseWith(error, *file, "strips or tiles beyond 1 GiB");
    *info = file->info;
    *out = file.release();
    return 0;
  });
}

int ReadRows(void* handle, ImnormTiffRows rows, void* user, char* error) {
  return Guarded(error, [&] {
    auto& file = *static_cast<File*>(handle);
    return file.info.as_rgba ? ReadRgba(file, rows, user, error)
                             : ReadSamples(file, rows, user, error);
  });
}

void CloseFile(void* handle) { delete static_cast<File*>(handle); }

// "LIBTIFF, Version 4.5.0\nCopyright..." -> "4.5.0"
const char* VersionNumber() {
  static char version[32] = {};
  const char* text = TIFFGetVersion();
  const char* number = std::strpbrk(text, "0123456789");
  if (number != nullptr) {
    std::snprintf(version, sizeof(version), "%.*s", int(std::strcspn(number, "\n ")), number);
  }
  return version;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) const ImnormTiffApi* imnorm_tiff_api() {
  static const ImnormTiffApi api = {kImnormTiffApi, VersionNumber(), Open, ReadRows, CloseFile};
  return &api;
}
