// The strips and tiles of a TIFF, as its tags tell of them.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "decode/modules/tiff_api.h"
#include "decode/tiff_directory.h"
#include "imnorm/error.h"

namespace imnorm {

struct TiffBlock {
  uint64_t index;
  std::span<const uint8_t> bytes;  // empty where the file does not hold them
  uint64_t width;                  // at most
  uint64_t height;
  uint64_t columns;  // of it in the picture
  uint64_t rows;
};

// "tile 3"
std::string NameOfTiffBlock(const TiffDirectory& directory, uint64_t index);

// How many the tables hold, of places and of sizes.
uint64_t CountTiffBlocks(const TiffDirectory& directory);

// A strip's or tile's bytes.
std::span<const uint8_t> BytesOfTiffBlock(const TiffDirectory& directory,
                                          std::span<const uint8_t> tiff, uint64_t index);

// Shows all strips or tiles that the tables hold, in their order, up to the first error.
//
// Rules:    of colours apart those of the first plane where the others may be smaller (YCbCr)
Result<void> VisitTiffBlocks(const TiffDirectory& directory, std::span<const uint8_t> tiff,
                             const std::function<Result<void>(const TiffBlock&)>& visit);

// A sample of strips and tiles that are left out, as the module's rows have it: the declared nodata
// value, brought into the range of the samples, or 0.
//
// Source:   GTiffRasterBand::NullBlock and GDALCopyWords of GDAL
std::array<uint8_t, 8> FillOfTiff(const ImnormTiffInfo& info, std::optional<double> nodata);

}  // namespace imnorm
