// Decodes strips and tiles, and finds what libtiff overlooks in them.
#include "decode/modules/tiff_blocks.h"

#include <algorithm>
#include <span>
#include <vector>

#include "decode/modules/tiff_deflate.h"

namespace {

constexpr tmsize_t kLongStrip = tmsize_t{1} << 24;

uint32_t IndexOf(const TiffFile& file, const Geometry& g, const Block& block) {
  return g.tiled ? TIFFComputeTile(file.tiff, block.x, block.y, 0, block.plane)
                 : TIFFComputeStrip(file.tiff, block.y, block.plane);
}

// The bytes of a block as they lie in the file; empty where they are not all in it.
std::span<const uint8_t> BytesOf(const TiffFile& file, uint32_t index) {
  const uint64_t at = TIFFGetStrileOffset(file.tiff, index);
  const uint64_t size = TIFFGetStrileByteCount(file.tiff, index);
  if (at > file.size || size > file.size - at) return {};
  return {file.bytes + at, size_t(size)};
}

// The same as libtiff decodes them: the highest bit first. `turned` holds them where the file has
// them the other way round.
std::span<const uint8_t> StreamOf(const TiffFile& file, uint32_t index,
                                  std::vector<uint8_t>& turned) {
  const std::span<const uint8_t> stream = BytesOf(file, index);
  if (TiffField<uint16_t>(file.tiff, TIFFTAG_FILLORDER, FILLORDER_MSB2LSB) == FILLORDER_MSB2LSB) {
    return stream;
  }
  turned.assign(stream.begin(), stream.end());
  TIFFReverseBits(turned.data(), tmsize_t(turned.size()));
  return turned;
}

// Whether a Group 4 block ends by its mark (EOFB: eleven zeros and a one, twice) and zeros: no code
// has eleven zeros in a row, so a mark that a flipped bit made is told from the one at the end.
bool EndsByMark(std::span<const uint8_t> stream) {
  constexpr int kZeros = 11;
  int zeros = 0;
  int marks = 0;
  for (const uint8_t byte : stream) {
    for (int bit = 7; bit >= 0; --bit) {
      if ((byte >> bit & 1) == 0) {
        ++zeros;
        continue;
      }
      if (marks > 0 && (marks == 2 || zeros != kZeros)) return false;
      if (marks == 0 && zeros > kZeros) return false;
      marks += zeros == kZeros;
      zeros = 0;
    }
  }
  return marks == 2;
}

// Looks at a block's bytes before libtiff does: false where the checksum of a Deflate stream does
// not hold.
bool LookAtStream(TiffFile& file, const Geometry& g, uint32_t index, const Taker& taker) {
  const bool group4 =
      TiffField<uint16_t>(file.tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE) == COMPRESSION_CCITT_T6;
  if (!g.deflate && !group4) return true;
  std::vector<uint8_t> turned;
  const std::span<const uint8_t> stream = StreamOf(file, index, turned);
  file.ends_by_mark = group4 && EndsByMark(stream);
  if (!g.deflate || stream.empty()) return true;
  return IsSoundDeflate(stream, size_t(g.block_bytes), [&taker] { return taker.Stops(); });
}

// Reads some rows of a long strip.
bool ReadLongStrip(TiffFile& file, const Geometry& g, const Block& block, const Taker& taker,
                   uint8_t* out) {
  const bool begins = block.y % g.block_rows == 0;
  if (begins && !LookAtStream(file, g, IndexOf(file, g, block), taker)) return false;
  for (uint32_t i = 0; i < block.rows; ++i, out += g.block_row_bytes) {
    if (i % kRowsBetweenQuestions == 0 && taker.Stops()) return false;
    if (TIFFReadScanline(file.tiff, out, block.y + i, block.plane) != 1 || file.failed) {
      return false;
    }
  }
  return true;
}

// Has the caller decode a block, and takes down why he does not.
bool AskForBlock(const TiffFile& file, const Geometry& g, uint32_t index, const Block& block,
                 const Taker& taker, uint8_t* out) {
  const std::span<const uint8_t> bytes = BytesOf(file, index);
  const ImnormTiffBlock asked = {bytes.data(), bytes.size(),
                                 index,        g.block_width,
                                 g.block_rows, std::min(g.block_width, file.info.width - block.x),
                                 block.rows,   g.separate ? 1 : file.info.samples,
                                 out,          size_t(g.block_row_bytes)};
  return taker.request.block(taker.request.user, &asked) == 0;
}

}  // namespace

bool Geometry::long_strips() const { return !tiled && !foreign && block_bytes > kLongStrip; }

Geometry GeometryOf(const TiffFile& file) {
  TIFF* tiff = file.tiff;
  Geometry g = {};
  g.foreign = file.foreign;
  g.tiled = TIFFIsTiled(tiff) != 0;
  g.separate = TiffField<uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) ==
                   PLANARCONFIG_SEPARATE &&
               file.info.samples > 1;
  const int compression = TiffField<uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  g.deflate = compression == COMPRESSION_ADOBE_DEFLATE || compression == COMPRESSION_DEFLATE;
  if (g.tiled) {
    TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &g.block_width);
    TIFFGetField(tiff, TIFFTAG_TILELENGTH, &g.block_rows);
    g.block_bytes = TIFFTileSize(tiff);
    g.block_row_bytes = TIFFTileRowSize(tiff);
  } else {
    g.block_width = file.info.width;
    g.block_rows = std::min(TiffField<uint32_t>(tiff, TIFFTAG_ROWSPERSTRIP, file.info.height),
                            file.info.height);
    g.block_bytes = TIFFStripSize(tiff);
    g.block_row_bytes = TIFFScanlineSize(tiff);
  }
  return g;
}

bool IsLeftOut(const TiffFile& file, const Geometry& g, const Block& block, const Taker& taker) {
  const uint32_t index = IndexOf(file, g, block);
  return index < taker.request.blocks && TIFFGetStrileByteCount(file.tiff, index) == 0 &&
         TIFFGetStrileOffset(file.tiff, index) == 0;
}

bool ReadBlock(TiffFile& file, const Geometry& g, const Block& block, const Taker& taker,
               uint8_t* out) {
  if (taker.Stops()) return false;
  const uint32_t index = IndexOf(file, g, block);
  // There stands the header: the table is too short, or damaged.
  if (TIFFGetStrileOffset(file.tiff, index) == 0) return false;
  if (g.long_strips()) return ReadLongStrip(file, g, block, taker, out);
  if (g.foreign) return AskForBlock(file, g, index, block, taker, out);
  if (!LookAtStream(file, g, index, taker)) return false;
  const tmsize_t read = g.tiled ? TIFFReadEncodedTile(file.tiff, index, out, g.block_bytes)
                                : TIFFReadEncodedStrip(file.tiff, index, out, g.block_bytes);
  return read >= tmsize_t(block.rows) * g.block_row_bytes && !file.failed;
}
