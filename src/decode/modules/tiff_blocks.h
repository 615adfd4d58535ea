// The strips and tiles of a TIFF: where they lie, and their samples as libtiff has them.
#pragma once

#include <cstddef>
#include <cstdint>

#include "decode/modules/tiff_api.h"
#include "decode/modules/tiff_file.h"

// Long strips are decoded by so many rows, so that a run can end within one.
inline constexpr uint32_t kRowsBetweenQuestions = 64;

// How the samples lie in the file: bands of `rows` rows, each made of blocks side by side.
struct Geometry {
  bool tiled;
  bool separate;
  uint32_t block_width;
  uint32_t block_rows;
  tmsize_t block_bytes;
  tmsize_t block_row_bytes;
  bool deflate;
  bool foreign;  // the caller decodes them

  bool long_strips() const;
};

Geometry GeometryOf(const TiffFile& file);

// Whoever takes the rows; true: the run is to end.
struct Taker {
  const ImnormTiffRequest& request;

  bool Take(const uint8_t* rows, size_t stride_bytes, uint32_t y, uint32_t count) const {
    return request.rows(request.user, rows, stride_bytes, y, count) != 0;
  }
  bool Stops() const { return Take(nullptr, 0, 0, 0); }
};

// A strip or tile by the place of its first sample.
struct Block {
  uint32_t x;
  uint32_t y;
  uint16_t plane;
  uint32_t rows;  // of it in the picture
};

// Whether the block was left out on purpose: it has no place and no bytes.
bool IsLeftOut(const TiffFile& file, const Geometry& g, const Block& block, const Taker& taker);

// Decodes a block into `out`; false where it is damaged or holds less than its rows, or where the
// run is to end. Long strips are read by pieces, in order: block.y is the first row of the piece.
bool ReadBlock(TiffFile& file, const Geometry& g, const Block& block, const Taker& taker,
               uint8_t* out);
