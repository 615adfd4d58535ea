// The module imnorm_tiff.so: rows of samples out of a TIFF in memory, loaded on first need.
#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "decode/modules/tiff_api.h"
#include "decode/modules/tiff_blocks.h"
#include "decode/modules/tiff_file.h"

namespace {

int Refuse(char* error, const char* reason) {
  std::snprintf(error, kImnormTiffErrorBytes, "%.*s", int(kImnormTiffErrorBytes) - 1, reason);
  return kImnormTiffDamaged;
}

// A file that is sound and still not read.
int RefuseUnread(char* error, const std::string& reason) {
  Refuse(error, reason.c_str());
  return kImnormTiffUnread;
}

// Codecs that people do have in TIFFs and that libtiff does not, or not in rows of samples.
std::string NameOfCompression(int compression) {
  switch (compression) {
    case 33003:
    case 33004:
      return "JPEG 2000";
    case 34661:
      return "JBIG";
    case 34676:
    case 34677:
      return "SGI LogLuv";
    case 34887:
      return "LERC";
    case 34892:
      return "lossy DNG JPEG";
    case 34925:
      return "LZMA";
    case 34934:
    case 22610:
      return "JPEG XR";
    case 50000:
      return "Zstandard";
    case 50001:
      return "WebP";
    default:
      return "a codec";
  }
}

// Empty where rows of samples come out of this file's compression.
std::string UnreadCompression(TIFF* tiff) {
  const int compression = TiffField<uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  const bool log = compression == COMPRESSION_SGILOG || compression == COMPRESSION_SGILOG24;
  if (!log && TIFFIsCODECConfigured(uint16_t(compression))) return "";
  return "TIFF with " + NameOfCompression(compression) + " inside (compression " +
         std::to_string(compression) + ") is not read; save it with LZW, Deflate or none";
}

// Whether libtiff says that the system gave it no memory; it has no other way to.
bool IsOfMemory(const char* reason) {
  for (const char* said :
       {"Out of memory", "out of memory", "No space for", "Failed to allocate"}) {
    if (std::strstr(reason, said) != nullptr) return true;
  }
  return false;
}

int RefuseWith(char* error, const TiffFile& file, const char* fallback) {
  if (IsOfMemory(file.reason)) throw std::bad_alloc();
  return Refuse(error, file.reason[0] != 0 ? file.reason : fallback);
}

size_t SampleBytesOf(int bits) { return size_t(bits + 7) / 8; }

// Samples that end within a byte, 9 to 15 bits long: packed one behind the other, the highest bit
// first, in either byte order.
bool IsPacked(int bits) { return bits > 8 && bits < 16; }

void UnpackSamples(const uint8_t* in, int bits, size_t count, size_t samples, size_t step,
                   uint16_t* out) {
  for (size_t i = 0; i < count * samples; ++i) {
    const size_t bit = i * size_t(bits);
    const int behind = 24 - bits - int(bit % 8);  // in the three bytes that may hold it
    const uint8_t* at = in + bit / 8;
    uint32_t value = uint32_t(at[0]) << 16 | uint32_t(at[1]) << 8;
    if (behind < 8) value |= at[2];
    out[i / samples * step + i % samples] = uint16_t(value >> behind & ((1u << bits) - 1));
  }
}

size_t RowBytes(const ImnormTiffInfo& info) {
  return size_t(info.width) * size_t(info.samples) * SampleBytesOf(info.bits);
}

// Spreads one block row's samples: `count` pixels of `samples` each, to every `step`th place.
void SpreadSamples(const uint8_t* in, int bits, size_t count, size_t samples, size_t step,
                   uint8_t* out) {
  const size_t bytes = SampleBytesOf(bits);
  if (IsPacked(bits)) {
    return UnpackSamples(in, bits, count, samples, step, reinterpret_cast<uint16_t*>(out));
  }
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

// Puts the fill of the request where a block was left out.
void FillSamples(const uint8_t* fill, int bits, size_t count, size_t samples, size_t step,
                 uint8_t* out) {
  const size_t bytes = SampleBytesOf(bits);
  for (size_t i = 0; i < count * samples; ++i) {
    std::memcpy(out + (i / samples * step + i % samples) * bytes, fill, bytes);
  }
}

// Reads one band of blocks, or a piece of a long strip, into interleaved rows.
bool ReadBand(TiffFile& file, const Geometry& g, uint32_t y, uint32_t rows, const Taker& taker,
              uint8_t* samples, uint8_t* band) {
  const ImnormTiffInfo& info = file.info;
  const size_t bytes = SampleBytesOf(info.bits);
  const size_t block_samples = g.separate ? 1 : size_t(info.samples);
  const int planes = g.separate ? info.samples : 1;
  for (int plane = 0; plane < planes; ++plane) {
    for (uint32_t x = 0; x < info.width; x += g.block_width) {
      const Block block = {x, y, uint16_t(plane), rows};
      const bool left_out = IsLeftOut(file, g, block, taker);
      if (left_out ? taker.Stops() : !ReadBlock(file, g, block, taker, samples)) return false;
      const size_t width = std::min(g.block_width, info.width - x);
      for (uint32_t row = 0; row < rows; ++row) {
        uint8_t* out = band + size_t(row) * RowBytes(info) +
                       (size_t(x) * size_t(info.samples) + size_t(plane)) * bytes;
        if (left_out) {
          FillSamples(taker.request.fill, info.bits, width, block_samples, size_t(info.samples),
                      out);
        } else {
          SpreadSamples(samples + tmsize_t(row) * g.block_row_bytes, info.bits, width,
                        block_samples, size_t(info.samples), out);
        }
      }
    }
  }
  return true;
}

struct Free {
  void operator()(uint8_t* bytes) const { std::free(bytes); }
};

std::unique_ptr<uint8_t[], Free> Zeros(size_t bytes) {
  return std::unique_ptr<uint8_t[], Free>(static_cast<uint8_t*>(std::calloc(bytes, 1)));
}

int ReadSamples(TiffFile& file, const Taker& taker, char* error) {
  const ImnormTiffInfo& info = file.info;
  const Geometry g = GeometryOf(file);
  const tmsize_t row_bits = tmsize_t(g.block_width) * (g.separate ? 1 : info.samples) * info.bits;
  if (g.block_width == 0 || g.block_rows == 0 || g.block_bytes <= 0 ||
      g.block_row_bytes < (row_bits + 7) / 8) {
    return RefuseWith(error, file, "strips or tiles that hold no rows");
  }
  // Long strips in pieces, if one strip holds all samples of its rows.
  const bool piecewise = g.long_strips() && !g.separate;
  const uint32_t band_rows =
      std::min({g.block_rows, info.height, piecewise ? kRowsBetweenQuestions : g.block_rows});
  const size_t block_bytes =
      piecewise ? size_t(g.block_row_bytes) * band_rows : size_t(g.block_bytes);
  // Zeros, since the fax codecs leave out what a short row does not fill; from the system's own
  // pages, since filling half a gigabyte by hand would take long.
  const auto block = Zeros(block_bytes);
  const auto band = Zeros(RowBytes(info) * band_rows);
  if (!block || !band) throw std::bad_alloc();
  for (uint32_t y = 0; y < info.height;) {
    const uint32_t count = std::min({band_rows, info.height - y, g.block_rows - y % g.block_rows});
    if (!ReadBand(file, g, y, count, taker, block.get(), band.get())) {
      if (taker.Stops()) return kImnormTiffStopped;
      return RefuseWith(error, file, "a strip or tile is cut off or damaged");
    }
    if (taker.Take(band.get(), RowBytes(info), y, count)) return kImnormTiffStopped;
    y += count;
  }
  return 0;
}

// libtiff's own conversion, for subsampled YCbCr that only it unpacks.
int ReadRgba(TiffFile& file, const Taker& taker, char* error) {
  const ImnormTiffInfo& info = file.info;
  TIFFRGBAImage image;
  char message[1024] = {};
  constexpr int kStopOnError = 1;
  if (!TIFFRGBAImageBegin(&image, file.tiff, kStopOnError, message)) {
    return RefuseUnread(error, message);
  }
  // No turning here: orientation is the caller's.
  image.orientation = ORIENTATION_TOPLEFT;
  image.req_orientation = ORIENTATION_TOPLEFT;
  const std::unique_ptr<TIFFRGBAImage, void (*)(TIFFRGBAImage*)> end(&image, TIFFRGBAImageEnd);
  // Bands of whole strips or tiles: none is decoded twice.
  const Geometry g = GeometryOf(file);
  const uint32_t block_rows = std::clamp(g.block_rows, 1U, info.height);
  const uint32_t band_rows = block_rows * (1 + kRowsBetweenQuestions / block_rows);
  std::vector<uint32_t> raster(size_t(info.width) * std::min(band_rows, info.height));
  for (uint32_t y = 0; y < info.height;) {
    const uint32_t count = std::min(band_rows, info.height - y);
    image.row_offset = int(y);
    const int read = TIFFRGBAImageGet(&image, raster.data(), info.width, count);
    if (!read || file.failed) return RefuseWith(error, file, "a strip or tile is damaged");
    // The raster's words hold red in their lowest byte.
    if constexpr (std::endian::native == std::endian::big)
      TIFFSwabArrayOfLong(raster.data(), long(raster.size()));
    if (taker.Take(reinterpret_cast<const uint8_t*>(raster.data()), size_t(info.width) * 4, y,
                   count)) {
      return kImnormTiffStopped;
    }
    y += count;
  }
  return 0;
}

// Refuses strips or tiles beyond what may be allocated; the sizes are products of header fields.
int CheckMemory(TiffFile& file, char* error) {
  const Geometry g = GeometryOf(file);
  if (g.block_bytes <= 0) return RefuseWith(error, file, "strips or tiles that hold no rows");
  const double band = double(RowBytes(file.info)) * std::min(g.block_rows, file.info.height);
  file.info.band_bytes = size_t(std::min(band, 1e18)) + size_t(g.block_bytes);
  if (g.block_bytes <= kMaxTiffAllocation && band <= double(kMaxTiffAllocation)) return 0;
  Refuse(error, "strips or tiles beyond 1 GiB; save it with smaller ones");
  return kImnormTiffTooLarge;
}

template <typename Step>
int Guarded(char* error, Step&& step) {
  try {
    return step();
  } catch (const std::bad_alloc& e) {
    Refuse(error, e.what());
    return kImnormTiffNoMemory;
  } catch (const std::exception& e) {
    return Refuse(error, e.what());
  }
}

int Open(const uint8_t* bytes, size_t size, uint64_t directory, int foreign, void** out,
         ImnormTiffInfo* info, char* error) {
  return Guarded(error, [&] {
    auto file = std::make_unique<TiffFile>();
    file->bytes = bytes;
    file->size = size;
    file->foreign = foreign != 0;
    if (!file->Open(directory)) return RefuseWith(error, *file, "no readable directory");
    const std::string reason = file->foreign ? "" : UnreadCompression(file->tiff);
    if (!reason.empty()) return RefuseUnread(error, reason);
    if (const int outcome = CheckMemory(*file, error)) return outcome;
    *info = file->info;
    *out = file.release();
    return 0;
  });
}

int ReadRows(void* handle, const ImnormTiffRequest* request, char* error) {
  return Guarded(error, [&] {
    auto& file = *static_cast<TiffFile*>(handle);
    const Taker taker{*request};
    return file.info.as_rgba ? ReadRgba(file, taker, error) : ReadSamples(file, taker, error);
  });
}

void CloseFile(void* handle) { delete static_cast<TiffFile*>(handle); }

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
