// What the TIFF module and the library say to each other: plain C types, so that libtiff and the
// codecs behind it are loaded only for a TIFF file.
#pragma once

#include <cstddef>
#include <cstdint>

extern "C" {

// Raised whenever a structure below changes; the loader refuses another number.
inline constexpr int kImnormTiffApi = 6;

inline constexpr size_t kImnormTiffErrorBytes = 256;

enum ImnormTiffSampleFormat {
  kImnormTiffUnsigned = 1,
  kImnormTiffSigned = 2,
  kImnormTiffFloat = 3
};

// What a page's directory says.
struct ImnormTiffInfo {
  uint32_t width;
  uint32_t height;
  int samples;  // a pixel, all planes
  int bits;     // a sample: 1, 2, 4, 8, 12, 16, 32...
  int format;   // ImnormTiffSampleFormat
  int photometric;
  int extra_samples;       // how many of the samples are declared as extra
  int first_extra;         // 0 unspecified, 1 premultiplied alpha, 2 alpha; -1 there is none
  int as_rgba;             // only libtiff's own conversion reads this file: rows are RGBA
  int more_directories;    // the file holds further pictures
  const uint16_t* map[3];  // the palette, 2^bits entries each, or null
  size_t band_bytes;       // the buffers that read_rows will allocate
};

// Takes `count` rows from row y on, interleaved; 1, 2 and 4 bits come one to a byte and 9 to 15 one
// to a uint16, unscaled, wider samples in native byte order.
//
// Returns whether to stop. Long work between two bands asks with a count of 0.
typedef int (*ImnormTiffRows)(void* user, const uint8_t* rows, size_t stride_bytes, uint32_t y,
                              uint32_t count);

// A strip or tile that the caller decodes.
struct ImnormTiffBlock {
  const uint8_t* bytes;
  size_t size;
  uint32_t index;
  uint32_t width;  // at most
  uint32_t height;
  uint32_t columns;  // of it in the picture: at least
  uint32_t rows;
  int samples;   // a pixel of the block
  uint8_t* out;  // interleaved, samples of ImnormTiffInfo::bits (8 or 16) in native byte order
  size_t stride_bytes;
};

// Returns whether it is not decoded; the caller knows why.
typedef int (*ImnormTiffDecodeBlock)(void* user, const struct ImnormTiffBlock* block);

struct ImnormTiffRequest {
  ImnormTiffRows rows;
  ImnormTiffDecodeBlock block;  // null where the file was not opened as foreign
  void* user;
  uint8_t fill[8];  // a sample of strips and tiles that are left out, as rows have it
  uint64_t blocks;  // how many the tables hold: others are missing, not left out
};

// What functions return; other than success they write a reason into error, which is
// kImnormTiffErrorBytes long. Only read_rows is stopped.
enum ImnormTiffOutcome {
  kImnormTiffGood = 0,
  kImnormTiffDamaged = 1,
  kImnormTiffUnread = 2,
  kImnormTiffStopped = 3,
  kImnormTiffTooLarge = 4,
  kImnormTiffNoMemory = 5  // the system gave none
};

struct ImnormTiffApi {
  int api;
  const char* version;
  // `directory`: where that of the page stands; 0: the first. `foreign`: its strips and tiles are
  // decoded by ImnormTiffRequest::block.
  int (*open)(const uint8_t* bytes, size_t size, uint64_t directory, int foreign, void** file,
              ImnormTiffInfo* info, char* error);
  int (*read_rows)(void* file, const ImnormTiffRequest* request, char* error);
  void (*close)(void* file);
};

typedef const ImnormTiffApi* (*ImnormTiffEntry)();

// The name of the module's only exported function, of type ImnormTiffEntry.
#define IMNORM_TIFF_ENTRY "imnorm_tiff_api"

}  // extern "C"
