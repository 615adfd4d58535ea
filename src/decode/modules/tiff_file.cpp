// Gives libtiff a file in memory by its callbacks, and keeps what it says.
#include "decode/modules/tiff_file.h"

#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <memory>

namespace {

void KeepReason(TiffFile& file, const char* format, va_list arguments) {
  if (file.failed) return;
  file.failed = true;
  std::vsnprintf(file.reason, sizeof(file.reason), format, arguments);
  // Of the name that a file in memory lacks the colon behind it is left; some reasons have lines.
  if (std::strncmp(file.reason, ": ", 2) == 0) {
    std::memmove(file.reason, file.reason + 2, std::strlen(file.reason + 2) + 1);
  }
  std::replace(std::begin(file.reason), std::end(file.reason), '\n', ' ');
}

int OnError(TIFF*, void* user, const char*, const char* format, va_list arguments) {
  KeepReason(*static_cast<TiffFile*>(user), format, arguments);
  return 1;
}

// Whether libtiff met the end of a Group 4 block before its last row, between two rows, where the
// block says that it ends; the rows that are left are white.
bool IsEarlyEnd(const TiffFile& file, const char* module, const char* format, va_list arguments) {
  if (!file.ends_by_mark || std::strcmp(module, "Fax4Decode") != 0) return false;
  char text[kImnormTiffErrorBytes];
  std::vsnprintf(text, sizeof(text), format, arguments);
  return std::strncmp(text, "Premature EOL", 13) == 0 && std::strstr(text, "(got 0,") != nullptr;
}

// Unknown tags and the like are nobody's damage, but what libjpeg and the fax decoders (a row that
// is too short, data that end early) warn of is.
int OnWarning(TIFF*, void* user, const char* module, const char* format, va_list arguments) {
  // Old-style JPEG gives libjpeg another name than the new one does.
  if (module == nullptr) return 1;
  const bool fax = std::strncmp(module, "Fax", 3) == 0;
  if (fax) {
    va_list copy;
    va_copy(copy, arguments);
    const bool early = IsEarlyEnd(*static_cast<TiffFile*>(user), module, format, copy);
    va_end(copy);
    if (early) return 1;
  }
  if (fax || std::strcmp(module, "JPEGLib") == 0 || std::strcmp(module, "LibJpeg") == 0) {
    KeepReason(*static_cast<TiffFile*>(user), format, arguments);
  }
  return 1;
}

tmsize_t Read(thandle_t handle, void* out, tmsize_t count) {
  auto& file = *static_cast<TiffFile*>(handle);
  if (count <= 0 || file.at >= file.size) return 0;
  const toff_t n = std::min<toff_t>(toff_t(count), file.size - file.at);
  std::memcpy(out, file.bytes + file.at, size_t(n));
  file.at += n;
  return tmsize_t(n);
}

tmsize_t Write(thandle_t, void*, tmsize_t) { return 0; }

toff_t Seek(thandle_t handle, toff_t offset, int whence) {
  auto& file = *static_cast<TiffFile*>(handle);
  if (whence == SEEK_CUR) offset += file.at;
  if (whence == SEEK_END) offset += file.size;
  file.at = offset;
  return offset;
}

int Close(thandle_t) { return 0; }
toff_t Size(thandle_t handle) { return static_cast<TiffFile*>(handle)->size; }

int Map(thandle_t handle, void** base, toff_t* size) {
  auto& file = *static_cast<TiffFile*>(handle);
  *base = const_cast<uint8_t*>(file.bytes);
  *size = file.size;
  return 1;
}

void Unmap(thandle_t, void*, toff_t) {}

// "r" reads the first directory, "rh" the header alone.
TIFF* OpenTiff(TiffFile& file, const char* mode) {
  std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                       TIFFOpenOptionsFree);
  TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), kMaxTiffAllocation);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), OnError, &file);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), OnWarning, &file);
  return TIFFClientOpenExt("", mode, &file, Read, Write, Seek, Close, Size, Map, Unmap,
                           options.get());
}

void ReadInfo(TiffFile& file) {
  TIFF* tiff = file.tiff;
  ImnormTiffInfo& info = file.info;
  TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &info.width);
  TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &info.height);
  info.samples = TiffField<uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  info.bits = TiffField<uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  info.format = TiffField<uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
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
  const int compression = TiffField<uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  const int planar = TiffField<uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
  const bool ycbcr = info.photometric == PHOTOMETRIC_YCBCR || compression == COMPRESSION_OJPEG;
  if (ycbcr && compression == COMPRESSION_JPEG && planar == PLANARCONFIG_CONTIG) {
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
    info.photometric = PHOTOMETRIC_RGB;
  } else {
    info.as_rgba = ycbcr;
  }
  info.more_directories = TIFFLastDirectory(tiff) ? 0 : 1;
}

}  // namespace

TiffFile::~TiffFile() {
  if (tiff != nullptr) TIFFClose(tiff);
}

bool TiffFile::Open(uint64_t directory) {
  tiff = OpenTiff(*this, directory != 0 ? "rh" : "r");
  if (tiff == nullptr) return false;
  if (directory != 0 && TIFFSetSubDirectory(tiff, directory) == 0) return false;
  ReadInfo(*this);
  // What went wrong with tags that are not needed is no damage to the pixels.
  failed = false;
  return true;
}
