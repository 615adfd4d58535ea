// The chunks of a PNG: what its pixels need, and the rules under which ours decodes it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace imnorm::png {

// Why a file is left to libspng: static text, empty if it is not.
using Reason = std::string_view;

enum class ColorType : uint8_t { kGray = 0, kRgb = 2, kPalette = 3, kGrayAlpha = 4, kRgba = 6 };

struct Header {
  int width = 0;
  int height = 0;
  int depth = 0;  // bits a sample: 1, 2, 4, 8 or 16
  ColorType color = ColorType::kRgb;
  bool interlaced = false;
  std::span<const uint8_t> palette;       // RGB after RGB
  std::span<const uint8_t> transparency;  // of tRNS, as it stands there
  bool animated = false;
  std::span<const uint8_t> data;  // the IDAT chunks, one behind the other, whole
  size_t data_bytes = 0;          // what they hold

  int channels() const;
  int bits_per_pixel() const { return channels() * depth; }
  bool transparent() const { return !transparency.empty(); }
  // Has an alpha channel or a transparent colour.
  bool has_alpha() const {
    return transparent() || color == ColorType::kGrayAlpha || color == ColorType::kRgba;
  }
};

// Finds the pixels of a file that keeps every rule which libspng and others may judge differently:
// sizes of up to 2^25, chunks in their order, IDATs one behind the other, every checksum right, no
// critical chunk unknown, one PLTE where it belongs, an empty IEND.
//
// Rules:    spans are into `bytes`
Reason ReadHeader(std::span<const uint8_t> bytes, Header& header);

// Reads what IDAT chunks hold as one stream.
class DataReader {
 public:
  DataReader() = default;
  explicit DataReader(const Header& header) : at_(header.data.data()), left_(header.data_bytes) {}

  // Copies the next `count` bytes, or as many as there are; returns how many.
  size_t Read(uint8_t* to, size_t count);
  size_t left() const { return left_; }

 private:
  const uint8_t* at_ = nullptr;
  size_t in_chunk_ = 0;  // bytes of the chunk at `at_` that are left
  size_t left_ = 0;
  bool opened_ = false;
};

}  // namespace imnorm::png
